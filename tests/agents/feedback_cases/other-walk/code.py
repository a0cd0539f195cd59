def bill(prices, basket):
    total = 0
    unknown = 0
    for thing in prices:
        if thing in prices:
            total += prices[thing]
        else:
            unknown += 1
    return [total, unknown]
