def strokes(first, last):
    heard = 0
    for hour in range(first, last + 1):
        heard = heard + hour
    return heard
