def seconds(time):
    if ":" in time:
        minutes, rest = time.split(":")
        return int(minutes) * 60 + int(rest)
    return int(time)


def bests(lines):
    best = {}
    for line in lines:
        name, time = line.split()
        if time != "-" and (name not in best or seconds(time) < best[name]):
            best[name] = seconds(time)
    return best


def podium(lines):
    ordered = sorted((time, name) for name, time in bests(lines).items())
    if not ordered:
        return []
    slowest = ordered[:3][-1][0]
    return [f"{name} {time}" for time, name in ordered if time <= slowest]
