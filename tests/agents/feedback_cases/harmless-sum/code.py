def strokes(first, last):
    sum = 0
    for hour in range(first, last):
        sum += hour
    return sum
