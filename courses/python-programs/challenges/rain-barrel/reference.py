class Barrel:
    def __init__(self, size):
        self.size = size
        self.level = 0
        self.lost = 0

    def rain(self, litres):
        fits = min(litres, self.size - self.level)
        self.level = self.level + fits
        self.lost = self.lost + litres - fits

    def draw(self, litres):
        if litres > self.level:
            raise ValueError(f"only {self.level} litres")
        self.level = self.level - litres


def after(size, happenings):
    barrel = Barrel(size)
    for what, litres in happenings:
        if what == "rain":
            barrel.rain(litres)
        else:
            barrel.draw(litres)
    return [barrel.level, barrel.lost]
