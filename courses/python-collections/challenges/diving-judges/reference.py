def verdict(marks):
    lowest, *between, highest = sorted(marks)
    mean = sum(between) / len(between) if len(between) > 0 else None
    return lowest, mean, highest
