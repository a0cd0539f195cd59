def faults(given, answer):
    found = []
    if sorted(set(given)) != sorted(answer):
        found.append("lost")
    return found
