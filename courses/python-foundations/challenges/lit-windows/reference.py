def lit(windows):
    count = 0
    for window in windows:
        if window == "on":
            count = count + 1
    return count
