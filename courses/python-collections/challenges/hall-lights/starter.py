def lit(bookings):
    stretches = []
    for start, end in bookings:
        stretches.append((start, end))
    return stretches
