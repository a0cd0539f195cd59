def highest_tides(name):
    with open(name) as file:
        for line in file:
            pass
    return {}
