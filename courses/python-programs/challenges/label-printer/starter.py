def printed(text, steps):
    for step in steps:
        if step == "loud":
            text = text.upper()
    return text
