def first_bad(good, bad, is_bad):
    number = good
    while not is_bad(number):
        number = number + 1
    return number


def search(good, bad, broken_from):
    runs = []

    def is_bad(number):
        if len(runs) == 50:
            raise TimeoutError("no time for more runs")
        runs.append(number)
        return number >= broken_from

    return [first_bad(good, bad, is_bad), runs]
