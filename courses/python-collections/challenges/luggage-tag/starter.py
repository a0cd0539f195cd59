def luggage_tag(name):
    tag = ""
    for word in name.split(" "):
        tag = tag + word[0] + "-"
    return tag
