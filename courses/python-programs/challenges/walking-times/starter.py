class Time:
    def __init__(self, hours, minutes):
        self.hours = hours
        self.minutes = minutes


def stage(parts):
    total = Time(0, 0)
    for hours, minutes in parts:
        total = total + Time(hours, minutes)
    return str(total)


def compared(one, other):
    return [Time(*one) == Time(*other), Time(*one) < Time(*other)]
