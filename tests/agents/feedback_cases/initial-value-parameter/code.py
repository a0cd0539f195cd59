def strokes(first, last):
    heard = first
    for hour in range(first, last + 1):
        heard = heard + hour
    return heard
