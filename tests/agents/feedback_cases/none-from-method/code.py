def ordered(items):
    items = items.sort()
    return items
