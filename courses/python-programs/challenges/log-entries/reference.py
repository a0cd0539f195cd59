from itertools import islice


def entries(lines):
    entry = []
    for line in lines:
        if not line.strip():
            continue
        if not line[0].isspace():
            if entry:
                yield entry
            entry = [line.strip()]
        elif entry:
            entry.append(line.strip())
    if entry:
        yield entry


def errors(lines):
    for entry in entries(lines):
        if entry[0].startswith("ERROR"):
            yield entry


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
