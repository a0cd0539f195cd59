def letters(text):
    for c in text:
        if c.isupper():
            return True
        else:
            return False
    return True
