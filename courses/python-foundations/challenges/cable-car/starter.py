def fare(age):
    pass
