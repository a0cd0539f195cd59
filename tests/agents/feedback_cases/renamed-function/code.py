def cable_fare(age):
    return 7
