def minutes(person):
    latest = 0
    for place, called in enumerate(person["calls"], start=1):
        latest = max(latest, place + minutes(called))
    return latest
