def grams(display):
    shown = display.strip()
    if not shown.endswith("g"):
        return None
    try:
        weight = int(shown[:-1])
    except ValueError:
        return None
    if weight < 0:
        raise ValueError(f"the scales are broken: {weight} g")
    return weight
