def above(numbers, limit):
    limit = 10
    found = []
    for number in numbers:
        if number > limit:
            found.append(number)
    return found
