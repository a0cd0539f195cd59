def heavy_bags(weights, limit):
    pass
