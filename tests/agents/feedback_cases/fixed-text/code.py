def title(word):
    word[0] = word[0].upper()
    return word
