def verdict(marks):
    lowest = min(marks)
    highest = max(marks)
    between = [mark for mark in marks if lowest < mark < highest]
    return lowest, sum(between) / len(between), highest
