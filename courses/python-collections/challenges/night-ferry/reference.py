def arrival(departure, minutes):
    hour, minute = departure
    nights, rest = divmod(hour * 60 + minute + minutes, 1440)
    hour, minute = divmod(rest, 60)
    return nights, hour, minute
