def bingo(card, called):
    return len([row for row in card if any(number in called for number in row)])
