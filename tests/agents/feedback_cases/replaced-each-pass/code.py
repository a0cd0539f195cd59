def luggage_tag(name):
    out = ""
    for w in name.split():
        out = w[0].upper() + "-"
    return out[:-1]
