def lit(windows):
    count = 0
    for window in windows:
        count + 1 = count
    return count
