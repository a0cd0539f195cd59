def sections(players):
    for name, section in players:
        found = {}
        if section not in found:
            found[section] = []
        found[section].append(name)
    return found
