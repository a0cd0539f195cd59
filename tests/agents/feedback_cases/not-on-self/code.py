class Barrel:
    def __init__(self):
        level = 0

    def __repr__(self):
        return "a barrel"

    def rain(self, litres):
        self.level += litres


def after(size, litres):
    barrel = Barrel()
    barrel.rain(litres)
    return min(size, barrel.level)
