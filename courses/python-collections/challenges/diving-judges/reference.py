def verdict(marks):
    lowest, *between, highest = sorted(marks)
    mean = sum(between) / len(between) if between else None
    return lowest, mean, highest
