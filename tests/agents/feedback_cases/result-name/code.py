def total(prices):
    result = 0
    for price in prices:
        if price != 5:
            result += price
    return result
