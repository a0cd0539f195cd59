def root(n):
    if n < 0:
        raise ValueErorr("below nought")
    return n ** 0.5
