def together(names):
    entries = []
    for name in names:
        with open(name) as file:
            for line in file:
                entries.append(line)
    return sorted(entries)
