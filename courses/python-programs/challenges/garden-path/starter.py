def ways(length):
    if length == 0:
        return 1
    return 2 * ways(length - 1)
