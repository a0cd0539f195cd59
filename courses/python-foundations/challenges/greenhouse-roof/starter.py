def roof(temperature, raining):
    if temperature > {{hot}}:
        return "open"
    return "closed"
