def after_swaps(cups, swaps):
    moved = cups[:]
    for one, other in swaps:
        moved[one], moved[other] = moved[other], moved[one]
    return cups, moved
