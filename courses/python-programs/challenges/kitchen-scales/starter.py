def grams(display):
    return int(display.strip("g "))
