def filed_under(title):
    words = title.lower().split()
    if words[0] in ["the", "a"] and len(words) > 1:
        words = words[1:]
    return words


def shelved(titles):
    return sorted(titles, key=filed_under)
