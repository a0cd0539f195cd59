count = 0


def lit(windows):
    for window in windows:
        if window == "on":
            count += 1
    return count
