def mean(values):
    total = 0
    for values in values:
        total += values
    return total / len(values)
