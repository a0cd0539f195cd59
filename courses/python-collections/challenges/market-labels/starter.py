def labels(goods):
    return [f"{name}: {price}" for name, price in goods if price]
