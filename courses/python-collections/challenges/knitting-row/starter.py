def stitches(row):
    result = ""
    for step in row.split():
        result = result + step[0] * int(step[1])
    return result
