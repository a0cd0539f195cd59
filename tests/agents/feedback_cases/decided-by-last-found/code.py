def first_cold_night(temperatures):
    found = None
    for night, temperature in enumerate(temperatures, start=1):
        if temperature < 5:
            found = night
    return found
