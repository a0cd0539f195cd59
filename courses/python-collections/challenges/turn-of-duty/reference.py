def after(order, times):
    if len(order) == 0:
        return []
    cut = times % len(order)
    return order[cut:] + order[:cut]
