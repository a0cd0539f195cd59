def price(minutes):
    if minutes <= 30:
        return 6
    return 6 + 2 * ((minutes - 30) // 15)
