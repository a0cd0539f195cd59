def fare(age):
    if 4 < age < 15:
        return 7
    if 16 < age < 64:
        return 14
    if age > 65:
        return 9
    return 0
