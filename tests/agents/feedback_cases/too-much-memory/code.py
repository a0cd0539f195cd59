def grow(n):
    items = []
    while len(items) >= 0:
        items += [n] * 1000
