def programme(pieces):
    titles = []
    for title, _ in sorted(pieces, key=lambda piece: (-piece[1], piece[0])):
        titles.append(title)
    return titles
