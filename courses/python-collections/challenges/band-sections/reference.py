def sections(players):
    groups = {}
    for name in sorted(players):
        instrument = players[name]
        if instrument not in groups:
            groups[instrument] = []
        groups[instrument].append(name)
    return groups
