def first_cold_night(temperatures):
    for temperature in temperatures:
        if temperature < {{limit}}:
            return 1
        return None
