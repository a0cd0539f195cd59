def weeks_to_fill(goal, first, step):
    pass
