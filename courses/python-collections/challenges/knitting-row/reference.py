def stitches(row):
    result = ""
    for step in row.split():
        times = 1
        if len(step) > 1:
            times = int(step[1:])
        result = result + step[0] * times
    return result
