def sign(name, width):
    return "|  " + name.center(width) + "|"
