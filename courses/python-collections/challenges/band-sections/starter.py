def sections(players):
    groups = {}
    for name in players:
        groups[players[name]] = [name]
    return groups
