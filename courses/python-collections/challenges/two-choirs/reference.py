def enter_in_turns(left, right):
    order = []
    for i in range(max(len(left), len(right))):
        if i < len(left):
            order.append(left[i])
        if i < len(right):
            order.append(right[i])
    return order
