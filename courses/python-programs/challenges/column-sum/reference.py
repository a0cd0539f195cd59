def column_sum(name, column):
    total = 0
    with open(name) as file:
        names = [part.strip() for part in file.readline().split(",")]
        at = names.index(column)
        for line in file:
            cells = line.split(",")
            if at < len(cells) and cells[at].strip():
                total += int(cells[at])
    return total
