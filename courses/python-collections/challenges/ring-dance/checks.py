def same_ring(args, answer, expected):
    """The same dancers in the same direction, whoever is named first. Only where the hands close to a ring at all."""
    (hands,) = args
    if sorted(left for left, _ in hands) != sorted(right for _, right in hands) or len(expected) != len(hands):
        return False
    if not isinstance(answer, list) or len(answer) != len(expected):
        return False
    return any(expected[turn:] + expected[:turn] == answer for turn in range(len(expected)))
