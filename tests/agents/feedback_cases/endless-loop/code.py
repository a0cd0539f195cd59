def weeks(goal, step):
    saved = 0
    count = 0
    while saved < goal:
        count += 1
    return count
