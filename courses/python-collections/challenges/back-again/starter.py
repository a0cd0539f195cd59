def first_again(noted):
    for place, one in enumerate(noted, start=1):
        if noted.count(one) > 1:
            return [one, place]
    return None
