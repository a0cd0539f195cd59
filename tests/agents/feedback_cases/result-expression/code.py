def fence(metres):
    return metres * 3 + 2
