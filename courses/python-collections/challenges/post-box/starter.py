def best_spot(houses):
    pass
