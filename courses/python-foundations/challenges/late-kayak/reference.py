def price(minutes):
    if minutes == 0:
        return 0
    if minutes <= 30:
        return 6
    quarters = (minutes - 30 + 14) // 15
    if quarters > 7:
        return 20
    return 6 + 2 * quarters
