def same(text):
    return text is "yes"
