def read_request(line):
    pass


def book(free, beds):
    pass


def night(free, lines):
    pass
