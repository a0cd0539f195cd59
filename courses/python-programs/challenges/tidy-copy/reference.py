def copied(source, target):
    with open(source) as old:
        lines = [line.rstrip() for line in old]
    kept = [line for line in lines if len(line) > 0]
    with open(target, "w") as new:
        for line in kept:
            new.write(line + "\n")
    return len(lines) - len(kept)


def tidy(source, target):
    left_out = copied(source, target)
    with open(target) as file:
        return [file.read(), left_out]
