def total(numbers):
    result = sum(numbers)
    return result
    result = result + 1
