def evens(n):
    if n == 0:
        return 0
    return n + evens(n - 2)
