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


def is_smallest(args, answer):
    """Some of the steps, in their order, that crash; and without any one of them there is no crash."""
    (steps,) = args
    if not crashes(steps) or not isinstance(answer, list) or not all(isinstance(step, str) for step in answer):
        return False
    left = iter(steps)
    if not all(step in left for step in answer):
        return False
    return crashes(answer) and not any(crashes(answer[:at] + answer[at + 1 :]) for at in range(len(answer)))
