def bingo(card, called):
    lines = [tuple(row) for row in card] + list(zip(*card))
    return sum(1 for line in lines if all(number in called for number in line))
