class Clock:
    def __init__(self, seconds):
        self.white = seconds
        self.black = seconds
        self.winner = None

    def press(self, used):
        self.white = self.white - used


def game(seconds, moves):
    clock = Clock(seconds)
    for used in moves:
        clock.press(used)
    return [clock.white, clock.black, clock.winner]
