def read_line(line):
    pass


def minutes_by_owner(lines):
    pass


def mean_minutes(lines):
    pass
