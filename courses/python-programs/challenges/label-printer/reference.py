def framed(text):
    return "*" + text + "*"


def mirrored(text):
    return text[::-1]


STEPS = {"tidy": str.strip, "loud": str.upper, "mirror": mirrored, "frame": framed}


def printed(text, steps):
    for step in steps:
        text = STEPS[step](text)
    return text
