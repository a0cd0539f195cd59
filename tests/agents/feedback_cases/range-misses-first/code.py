def total(numbers):
    result = 0
    for i in range(1, len(numbers)):
        result += numbers[i]
    return result
