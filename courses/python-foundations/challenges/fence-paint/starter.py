def cans_needed(metres, per_can):
    return metres // per_can
