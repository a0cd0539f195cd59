def nearest(here, places):
    best = None
    my_x, my_y = here
    for name, x, y in places:
        steps = abs(x - my_x) + abs(y - my_y)
        if steps <= {{reach}} and (best is None or steps < best[1]):
            best = name, steps
    return best
