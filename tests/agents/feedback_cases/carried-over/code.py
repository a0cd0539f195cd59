def full_rows(rows):
    counts = []
    seats = 0
    for row in rows:
        for seat in row:
            if seat > 0:
                seats += 1
        counts.append(seats)
    return counts
