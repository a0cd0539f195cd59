def count(items, item):
    found = 0
    for item in items:
        if item == item:
            found += 1
    return found
