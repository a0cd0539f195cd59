def root(n):
    assert n >= 0, "below nought"
    return n ** 0.5
