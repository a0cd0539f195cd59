from itertools import islice


def changes(answers):
    yield from enumerate(answers)


def first_changes(answers, count):
    heard = []

    def monitor():
        for answer in answers:
            heard.append(answer)
            yield answer

    return [list(islice(changes(monitor()), count)), len(heard)]
