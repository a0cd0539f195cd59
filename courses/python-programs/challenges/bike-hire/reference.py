class Bike:
    def __init__(self):
        self.rider = None
        self.since = None
        self.earned = 0

    def out(self, rider, hour):
        if self.rider is not None:
            raise ValueError("somebody has it")
        self.rider = rider
        self.since = hour

    def back(self, rider, hour):
        if self.rider != rider:
            raise ValueError("somebody else has it, or nobody")
        self.earned = self.earned + 5 * max(hour - self.since, 1)
        self.rider = None
        self.since = None


class Shop:
    def __init__(self, names):
        self.bikes = {name: Bike() for name in names}

    def do(self, what, name, rider, hour):
        if name not in self.bikes:
            raise ValueError("no such bicycle")
        if what == "out":
            self.bikes[name].out(rider, hour)
        else:
            self.bikes[name].back(rider, hour)

    def earned(self):
        return sum(bike.earned for bike in self.bikes.values())

    def riders(self):
        return {name: bike.rider for name, bike in self.bikes.items() if bike.rider is not None}


def rides(times):
    bike = Bike()
    for start, end in times:
        bike.out("Ana", start)
        if end is not None:
            bike.back("Ana", end)
    return [bike.earned, bike.since]


def day(names, events):
    shop, refused = Shop(names), []
    for what, name, rider, hour in events:
        try:
            shop.do(what, name, rider, hour)
        except ValueError:
            refused.append(f"{what} {name} {rider} {hour}")
    return {"earned": shop.earned(), "out": shop.riders(), "refused": refused}
