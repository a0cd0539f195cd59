def heavy_bags(weights, limit):
    heavy = 0
    for weight in weights:
        if weight > limit:
            heavy += 1
    return heavy
