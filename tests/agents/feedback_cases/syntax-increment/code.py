def lit(windows):
    count = 0
    for window in windows:
        count++
    return count
