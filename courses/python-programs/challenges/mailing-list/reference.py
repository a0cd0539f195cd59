def faults(given, answer):
    found = []
    if len(set(answer)) < len(answer):
        found.append("twice")
    if set(given) - set(answer):
        found.append("lost")
    if set(answer) - set(given):
        found.append("new")
    places = [given.index(address) for address in answer if address in given]
    if places != sorted(places):
        found.append("order")
    return found
