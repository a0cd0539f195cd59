def latest(readings, count):
    return readings[-count:]
