def programme(pieces):
    titles = []
    for title, minutes in sorted(pieces, key=lambda piece: piece[1], reverse=True):
        titles.append(title)
    return titles
