def shout(text):
    text.upper()
    return text
