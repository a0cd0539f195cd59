def fare(age):
    if age < 4:
    return 0
