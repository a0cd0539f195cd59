def offers(mine, yours):
    have, want = set(mine), set(yours)
    return [sorted(have - want), sorted(want - have)]
