def ways(length):
    if length <= 0:
        return 1 if length == 0 else 0
    return ways(length - 1) + ways(length - {{long}})
