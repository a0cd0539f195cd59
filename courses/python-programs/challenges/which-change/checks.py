def found_quickly(args, answer):
    """The change from which on it is broken, with no more runs than halving needs, and none of what is known already."""
    good, bad, broken_from = args
    if not good < broken_from <= bad or not isinstance(answer, list) or len(answer) != 2:
        return False
    found, runs = answer
    most = (bad - good - 1).bit_length()  # the logarithm to base 2, rounded up
    enough = min(most, 1) <= len(runs) <= most and all(good < run < bad for run in runs)
    return enough and type(found) is int and found == broken_from
