def walk_to(place, houses):
    return sum(abs(house - place) for house in houses)


def best_spot(houses):
    if len(houses) == 0:
        return None
    best = min(houses, key=lambda place: (walk_to(place, houses), place))
    return [best, walk_to(best, houses)]
