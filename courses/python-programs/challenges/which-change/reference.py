def first_bad(good, bad, is_bad):
    while bad - good > 1:
        middle = (good + bad) // 2
        if is_bad(middle):
            bad = middle
        else:
            good = middle
    return bad


def search(good, bad, broken_from):
    runs = []

    def is_bad(number):
        if len(runs) == 50:
            raise TimeoutError("no time for more runs")
        runs.append(number)
        return number >= broken_from

    return [first_bad(good, bad, is_bad), runs]
