def last_and_rest(items):
    last = items.pop()
    return [last, len(items)]
