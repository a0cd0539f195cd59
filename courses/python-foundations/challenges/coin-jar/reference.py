def weeks_to_fill(goal, first, step):
    weeks = 0
    saved = 0
    coming = first
    while saved < goal:
        saved += coming
        coming += step
        weeks += 1
    return weeks
