def fare(age):
    if age < 4:
        return 0
    if age < 16:
        return 7
    if age < 65:
        return 14
    return 9
