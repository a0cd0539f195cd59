def without(words, word):
    return [word for word in words if word != word]
