def words(length):
    if length == 0:
        return []
    shorter = words(length - 1)
    return ["a" + word for word in shorter] + ["b" + word for word in shorter]
