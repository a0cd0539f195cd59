def ranks(minutes):
    ordered = sorted(minutes.items(), key=lambda entry: (entry[1], entry[0]))
    return [(name, 1 + sum(other < time for other in minutes.values())) for name, time in ordered]
