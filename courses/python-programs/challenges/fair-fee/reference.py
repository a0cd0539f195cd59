def fee(amount, free={{free}}):
    return max(amount - free, 0) * {{price}}


def total(amounts, free={{free}}, most=None):
    due = 0
    for amount in amounts:
        due = due + fee(amount, free)
    if most is not None:
        due = min(due, most)
    return due
