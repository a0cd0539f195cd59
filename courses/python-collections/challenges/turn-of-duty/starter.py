def after(order, times):
    return order[times:] + order[:times]
