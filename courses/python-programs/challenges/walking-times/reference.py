class Time:
    def __init__(self, hours, minutes):
        self.minutes = hours * 60 + minutes

    def __add__(self, other):
        return Time(0, self.minutes + other.minutes)

    def __eq__(self, other):
        return self.minutes == other.minutes

    def __lt__(self, other):
        return self.minutes < other.minutes

    def __str__(self):
        return f"{self.minutes // 60}:{self.minutes % 60:02}"


def stage(parts):
    total = Time(0, 0)
    for hours, minutes in parts:
        total = total + Time(hours, minutes)
    return str(total)


def compared(one, other):
    return [Time(*one) == Time(*other), Time(*one) < Time(*other)]
