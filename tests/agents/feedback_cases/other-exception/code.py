def grams(display):
    if not display.endswith("g"):
        raise Exception("scales broken")
    return int(display[:-1])
