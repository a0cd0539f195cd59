def strokes(first, last):
    heard = 0
    hour = first
    while hour < last:
        heard += hour
        hour += 1
    return heard
