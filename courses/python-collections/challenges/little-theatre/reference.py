def seat_rows(people, width):
    rows = []
    for start in range(0, len(people), width):
        rows.append(people[start : start + width])
    return rows


def empty_seats(people, width):
    return len(seat_rows(people, width)) * width - len(people)


def find_seat(people, width, name):
    for row, seated in enumerate(seat_rows(people, width), start=1):
        if name in seated:
            return [row, seated.index(name) + 1]
    return None
