def on_the_board(deliveries):
    totals = {}
    for name, amount in deliveries:
        totals[name] = totals.get(name, 0) + amount
    names = []
    for name, total in totals.items():
        if total >= {{minimum}}:
            names.append(name)
    return names
