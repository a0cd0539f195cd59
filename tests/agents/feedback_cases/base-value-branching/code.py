def ways(length):
    if length < 0:
        return 0
    if length == 0:
        return 0
    return ways(length - 1) + ways(length - 2)
