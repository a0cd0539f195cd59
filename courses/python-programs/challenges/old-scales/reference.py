def chosen(weights, target):
    if target == 0:
        return []
    if not weights or target < 0:
        return None
    first, *others = weights
    with_first = chosen(others, target - first)
    if with_first is not None:
        return [first] + with_first
    return chosen(others, target)
