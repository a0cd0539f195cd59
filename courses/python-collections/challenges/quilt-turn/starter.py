def turned(rows, times):
    pass
