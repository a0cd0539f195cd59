def pairs(items):
    done, current = [], []
    for item in items:
        current = current + [item]
        if len(current) == 2:
            done.append(current)
            current = []
    return done
