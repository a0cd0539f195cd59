class Clock:
    def __init__(self, seconds):
        self.white = seconds
        self.black = seconds
        self.winner = None
        self.white_moves = True

    def press(self, used):
        if self.winner:
            return
        if self.white_moves:
            self.white = max(self.white - used, 0)
        else:
            self.black = max(self.black - used, 0)
        if self.white == 0:
            self.winner = "black"
        elif self.black == 0:
            self.winner = "white"
        self.white_moves = not self.white_moves


def game(seconds, moves):
    clock = Clock(seconds)
    for used in moves:
        clock.press(used)
    return [clock.white, clock.black, clock.winner]
