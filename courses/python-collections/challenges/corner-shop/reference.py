def bill(prices, basket):
    total = 0
    unknown = 0
    for thing in basket:
        if thing in prices:
            total = total + prices[thing]
        else:
            unknown = unknown + 1
    return [total, unknown]
