def lit(bookings):
    stretches = []
    for start, end in sorted(bookings):
        if stretches and start <= stretches[-1][1]:
            begun, until = stretches.pop()
            start, end = begun, max(until, end)
        stretches.append((start, end))
    return stretches
