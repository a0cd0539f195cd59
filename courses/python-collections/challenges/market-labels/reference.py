def labels(goods):
    return [
        f"{name}: free" if price == 0 else f"{name}: {price}"
        for name, price in goods
        if price is not None
    ]
