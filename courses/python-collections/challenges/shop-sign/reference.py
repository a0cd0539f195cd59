def tiles(sign):
    coins = 0
    for mark in sign:
        if mark.isalpha():
            coins = coins + 1
        elif mark.isdigit():
            coins = coins + 2
    return coins
