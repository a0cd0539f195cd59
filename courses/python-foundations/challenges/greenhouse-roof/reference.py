def roof(temperature, raining):
    if raining:
        return "closed"
    if temperature >= {{hot}}:
        return "open"
    if temperature >= {{mild}}:
        return "half"
    return "closed"
