def highest(numbers):
    best = 0
    for n in numbers:
        if n > best and n > 10 and n % 2 == 0:
            best = n
    return best
