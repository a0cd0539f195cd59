from itertools import islice


def entries(lines):
    for line in lines:
        yield [line.strip()]


def errors(lines):
    yield from entries(lines)


def reading(lines, read):
    for line in lines:
        read.append(line)
        yield line


def first_entries(lines, count):
    read = []
    return [list(islice(entries(reading(lines, read)), count)), len(read)]


def first_errors(lines, count):
    read = []
    return [list(islice(errors(reading(lines, read)), count)), len(read)]
