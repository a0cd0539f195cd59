def chosen(weights, target):
    taken = []
    for weight in sorted(weights, reverse=True):
        if sum(taken) + weight <= target:
            taken.append(weight)
    return taken
