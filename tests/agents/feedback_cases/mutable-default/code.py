def collect(item, into=[]):
    into.append(item)
    return into + into[:0]

collect(0)
