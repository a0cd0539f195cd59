def fare(age):
    return max(age, (4
