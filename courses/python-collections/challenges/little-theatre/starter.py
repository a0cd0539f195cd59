def seat_rows(people, width):
    pass


def empty_seats(people, width):
    pass


def find_seat(people, width, name):
    pass
