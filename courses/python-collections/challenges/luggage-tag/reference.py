def luggage_tag(name):
    letters = []
    for word in name.split():
        letters.append(word[0].upper())
    return "-".join(letters)
