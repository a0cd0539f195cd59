from itertools import islice


def waits(first, most):
    wait = first
    while True:
        yield min(wait, most)
        wait = wait * 2


def tries(first, most, patience):
    moments = [0]
    for wait in waits(first, most):
        moment = moments[-1] + wait
        if moment > patience:
            return moments
        moments.append(moment)


def some_waits(first, most, count):
    return list(islice(waits(first, most), count))
