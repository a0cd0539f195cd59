def runs(items):
    done, current = [], []
    for item in items:
        if item == 0:
            done.append(current)
            current = []
        else:
            current.append(item)
    return done
