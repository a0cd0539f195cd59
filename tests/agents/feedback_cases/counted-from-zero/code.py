def first_cold_night(temperatures):
    for i in range(len(temperatures)):
        if temperatures[i] < 5:
            return i
