def calm_hours(waves, limit):
    count = 0
    for wave in waves:
        if wave < limit:
            count += 1
    return count
