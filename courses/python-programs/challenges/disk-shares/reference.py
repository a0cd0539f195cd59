def shares(folders):
    folders = list(folders)
    total = sum(size for _, size in folders)
    return [total, [(name, 100 * size // total) for name, size in folders if size > 0]]


def sized(lines):
    for line in lines:
        size, name = line.split(maxsplit=1)
        yield name, int(size)


def usage(lines):
    return shares(sized(lines))
