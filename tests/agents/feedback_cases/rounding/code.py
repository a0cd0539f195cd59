def price(minutes):
    if minutes == 0:
        return 0
    if minutes <= 30:
        return 6
    return min(20, 6 + 2 * ((minutes - 30) // 15))
