class Bike:
    pass


class Shop:
    pass


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
