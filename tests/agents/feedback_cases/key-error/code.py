def count(words):
    found = {}
    for word in words:
        found[word] += 1
    return found
