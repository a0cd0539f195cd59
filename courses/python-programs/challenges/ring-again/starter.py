from itertools import islice


def waits(first, most):
    return [first, 2 * first, 4 * first]


def tries(first, most, patience):
    pass


def some_waits(first, most, count):
    return list(islice(waits(first, most), count))
