def on_the_board(deliveries):
    names = []
    for name, amount in deliveries:
        if amount >= {{minimum}}:
            names.append(name)
    return names
