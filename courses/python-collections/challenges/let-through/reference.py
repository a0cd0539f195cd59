def let_through(queue, name):
    if name not in queue:
        return [queue, queue[:]]
    place = queue.index(name)
    after = [name] + queue[:place] + queue[place + 1 :]
    return [queue, after]
