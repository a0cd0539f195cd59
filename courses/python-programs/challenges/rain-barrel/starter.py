class Barrel:
    def __init__(self, size):
        self.level = 0
        self.lost = 0

    def rain(self, litres):
        self.level = self.level + litres

    def draw(self, litres):
        self.level = self.level - litres


def after(size, happenings):
    barrel = Barrel(size)
    for what, litres in happenings:
        if what == "rain":
            barrel.rain(litres)
        else:
            barrel.draw(litres)
    return [barrel.level, barrel.lost]
