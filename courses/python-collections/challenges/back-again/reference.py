def first_again(noted):
    seen = set()
    for place, one in enumerate(noted, start=1):
        if one in seen:
            return [one, place]
        seen.add(one)
    return None
