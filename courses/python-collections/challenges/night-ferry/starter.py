def arrival(departure, minutes):
    pass
