def total(numbers):
    for n in numbers:
        result = 0
        result += n
    return result
