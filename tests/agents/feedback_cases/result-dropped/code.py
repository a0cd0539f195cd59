def lit(windows):
    count = 0
    for window in windows:
        if window == "on":
            count + 1
    return count
