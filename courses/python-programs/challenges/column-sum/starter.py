def column_sum(name, column):
    total = 0
    with open(name) as file:
        for line in file:
            total += int(line.split(",")[1])
    return total
