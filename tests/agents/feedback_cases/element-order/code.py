def newest_first(names):
    return list(names)
