def tiles(sign):
    coins = 0
    for mark in sign:
        if mark.isalpha:
            coins += 1
        elif mark.isdigit:
            coins += 2
    return coins
