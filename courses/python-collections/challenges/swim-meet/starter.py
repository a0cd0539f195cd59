def seconds(time):
    pass


def bests(lines):
    pass


def podium(lines):
    pass
