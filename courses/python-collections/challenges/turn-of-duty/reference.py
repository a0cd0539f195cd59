def after(order, times):
    if not order:
        return []
    cut = times % len(order)
    return order[cut:] + order[:cut]
