def balances(args, answer):
    """Weights of the box, each at most as often as it is there, that are as heavy as the target; None only where none are."""
    weights, target = args
    sums = {0}
    for weight in weights:
        sums |= {weight + before for before in sums}
    if answer is None:
        return target not in sums
    if not isinstance(answer, list) or not all(type(weight) is int for weight in answer):
        return False
    left = list(weights)
    for weight in answer:
        if weight not in left:
            return False
        left.remove(weight)
    return sum(answer) == target
