def strokes(first, last):
    return sum(range(first, last))
