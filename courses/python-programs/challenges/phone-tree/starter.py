def minutes(person):
    return len(person["calls"])
