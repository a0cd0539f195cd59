def free_pairs(rows, width, taken, aisle):
    return [
        (f"{row}{seat}", f"{row}{seat + 1}")
        for row in rows
        for seat in range(1, width)
        if seat != aisle and f"{row}{seat}" not in taken and f"{row}{seat + 1}" not in taken
    ]
