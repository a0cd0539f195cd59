def enter_in_turns(left, right):
    order = []
    for i in range(len(left)):
        order.append(left[i])
        order.append(right[i])
    return order
