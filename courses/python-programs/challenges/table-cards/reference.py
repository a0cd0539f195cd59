def seat(name, card=None):
    if card is None:
        card = []
    card.append(name)
    return card


def evening(tables):
    cards = []
    for names in tables:
        card = []
        for name in names:
            card = seat(name, card)
        cards.append(card)
    return cards
