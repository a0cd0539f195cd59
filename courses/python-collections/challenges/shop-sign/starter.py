def tiles(sign):
    return len(sign)
