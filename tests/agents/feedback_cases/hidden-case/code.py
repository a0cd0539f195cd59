def fare(age):
    if age < 65:
        return 14
    return 9
