def cans(length, metres):
    return length / metres
