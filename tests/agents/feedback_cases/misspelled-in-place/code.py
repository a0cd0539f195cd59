def lit(windows):
    count = 0
    for window in windows:
        if window == "on":
            Count += 1
    return count
