def heavy_bags(weights, limit):
    heavy = 0
    for weight in weights:
        if weight > limit:
            heavy += weight
    return heavy
