def bill(prices, basket):
    total = 0
    for thing in basket:
        total = total + prices[thing]
    return [total, 0]
