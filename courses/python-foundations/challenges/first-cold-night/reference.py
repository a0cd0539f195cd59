def first_cold_night(temperatures):
    for night, temperature in enumerate(temperatures, start=1):
        if temperature < {{limit}}:
            return night
    return None
