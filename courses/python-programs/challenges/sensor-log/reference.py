def highest(readings):
    good = []
    bad = 0
    for reading in readings:
        try:
            good.append(int(reading))
        except ValueError:
            bad = bad + 1
    return [max(good), bad]
