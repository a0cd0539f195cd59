def first_word(text):
    words = None
    return words[0]
