def fare(age):
    if age < 4:
        return 0
    if age <= 16:
        return 7
    return 14
