def restore(first, second):
    text = ""
    for i in range(len(first)):
        if first[i] == "_":
            text = text + second[i]
        else:
            text = text + first[i]
    return text
