def before_and_after(queue, name):
    after = queue
    after.append(name)
    return [queue, after]
