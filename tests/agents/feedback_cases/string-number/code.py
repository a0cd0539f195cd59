def label(n):
    return "n = " + n
