def roof(temperature, raining):
    if temperature >= 25:
        return "open"
    elif temperature >= 15:
        return "half"
    elif raining:
        return "closed"
    return "closed"
