def shrink(steps, fails):
    for at in range(len(steps)):
        shorter = steps[:at] + steps[at + 1 :]
        if fails(shorter):
            return shrink(shorter, fails)
    return steps


def crashes(steps):
    windows = []
    for step in steps:
        what, _, name = step.partition(" ")
        if what == "open":
            windows.append(name)
        elif what == "close":
            if name not in windows:
                return False
            windows.remove(name)
        elif windows.count(name) > 1:
            return True
    return False


def smallest(steps):
    return shrink(steps, crashes)
