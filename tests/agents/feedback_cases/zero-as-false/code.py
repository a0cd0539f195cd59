def labels(goods):
    out = []
    for name, price in goods:
        if price:
            out.append(f"{name}: {price}")
    return out
