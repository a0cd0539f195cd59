def latest(readings, count):
    shown = []
    for back in range(1, min(count, len(readings)) + 1):
        shown.append(readings[-back])
    return shown
