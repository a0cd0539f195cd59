from itertools import islice


def changes(answers):
    before = None
    for minute, answer in enumerate(answers):
        if minute == 0 or answer != before:
            yield minute, answer
        before = answer


def first_changes(answers, count):
    heard = []

    def monitor():
        for answer in answers:
            heard.append(answer)
            yield answer

    return [list(islice(changes(monitor()), count)), len(heard)]
