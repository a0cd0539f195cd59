def grow(n):
    items = []
    while len(items) >= 0:
        items.append(n)
