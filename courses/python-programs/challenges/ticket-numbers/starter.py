last = 0


def next_number():
    last = last + 1
    return last


def tickets(names, last):
    return [[f"{name} {next_number()}" for name in names], last]
