def turned(rows, times):
    for _ in range(times):
        rows = ["".join(column) for column in zip(*rows[::-1])]
    return rows
