def total(numbers):
    if not numbers:
        return 1
    return numbers[0] + total(numbers[1:])
