def all_called(row, called):
    full = True
    for n in row:
        if n in called:
            full = True
        else:
            full = False
    return full
