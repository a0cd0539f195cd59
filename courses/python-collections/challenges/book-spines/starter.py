def shelved(titles):
    return sorted(titles)
