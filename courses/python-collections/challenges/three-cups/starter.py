def after_swaps(cups, swaps):
    for one, other in swaps:
        cups[one] = cups[other]
        cups[other] = cups[one]
    return cups, cups
