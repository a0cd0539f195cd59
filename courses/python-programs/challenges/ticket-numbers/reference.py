def number_after(last):
    if last == 99:
        return 1
    return last + 1


def tickets(names, last):
    given = []
    for name in names:
        last = number_after(last)
        given.append(f"{name} {last}")
    return [given, last]
