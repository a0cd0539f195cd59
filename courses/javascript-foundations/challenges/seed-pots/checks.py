def well_sown(args, answer):
    """All seeds, all pots, and no pot with over one seed more than another."""
    seeds, pots = args
    if not isinstance(answer, list) or len(answer) != pots:
        return False
    if not all(isinstance(seed, int) and not isinstance(seed, bool) and seed >= 0 for seed in answer):
        return False
    return sum(answer) == seeds and max(answer) - min(answer) <= 1
