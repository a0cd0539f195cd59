def ranks(minutes):
    places = []
    for place, name in enumerate(sorted(minutes), start=1):
        places.append((name, place))
    return places
