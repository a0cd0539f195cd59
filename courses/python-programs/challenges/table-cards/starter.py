def seat(name, card=[]):
    card.append(name)
    return card


def evening(tables):
    cards = []
    for names in tables:
        for name in names:
            card = seat(name)
        cards.append(card)
    return cards
