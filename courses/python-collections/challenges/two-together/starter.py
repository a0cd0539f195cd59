def free_pairs(rows, width, taken, aisle):
    return [(row + "1", row + "2") for row in rows]
