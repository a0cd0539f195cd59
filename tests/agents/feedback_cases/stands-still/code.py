def lit(windows):
    i = 0
    count = 0
    while i < len(windows):
        if windows[i] == "on":
            count += 1
            i += 1
    return count
