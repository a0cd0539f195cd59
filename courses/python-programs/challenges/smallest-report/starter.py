def shrink(steps, fails):
    for step in steps:
        if fails([other for other in steps if other != step]):
            steps.remove(step)
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
