def shout(n):
    return n.upper()
