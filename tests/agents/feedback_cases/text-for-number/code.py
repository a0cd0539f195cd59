def glue(a, b):
    return str(a) + str(b)
