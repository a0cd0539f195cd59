def price(minutes):
    if minutes > 30:
        return 8
    return 6
