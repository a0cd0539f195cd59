def zero_if_negative(n):
    if n < 0:
        n == 0
    return n
