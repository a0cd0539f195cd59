def read_request(line):
    name, colon, number = line.partition(":")
    if not name.strip():
        raise ValueError("a request needs a name")
    return name.strip(), int(number) if colon else 1


def book(free, beds):
    if beds < 1:
        raise ValueError("at least one bed")
    for room, left in free.items():
        if left >= beds:
            free[room] = left - beds
            return room
    raise LookupError("no room has enough beds")


def night(free, lines):
    beds, refused = {}, []
    for line in lines:
        try:
            name, number = read_request(line)
            beds[name] = book(free, number)
        except ValueError:
            refused.append(line + ": unreadable")
        except LookupError:
            refused.append(line + ": full")
    return {"beds": beds, "refused": refused}
