def backwards(text):
    return "-" if text == "" else backwards(text[1:]) + text[0]
