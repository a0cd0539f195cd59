def strokes(first, last):
    heard = 0
    for hour in range(first, last):
        heard = heard + 1
    return heard
