def tables(guests, size):
    count = -(-len(guests) // size)
    seated = []
    for place in range(count):
        seated.append(guests[place::count])
    return seated
