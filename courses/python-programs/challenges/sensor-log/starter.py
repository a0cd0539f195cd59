def highest(readings):
    best = 0
    for reading in readings:
        best = max(best, int(reading))
    return [best, 0]
