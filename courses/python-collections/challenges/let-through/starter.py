def let_through(queue, name):
    after = queue
    after.remove(name)
    after.insert(0, name)
    return [queue, after]
