def wrapped(text, width):
    pass


def centred(line, width):
    pass


def board(text, width):
    pass
