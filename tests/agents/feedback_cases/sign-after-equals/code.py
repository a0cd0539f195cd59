def first_cold_night(temperatures):
    night = 0
    for t in temperatures:
        night =+ 1
        if t < 5:
            return night
