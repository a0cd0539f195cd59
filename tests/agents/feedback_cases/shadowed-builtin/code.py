def average(numbers):
    sum = 0
    for n in numbers:
        sum += n
    return sum(numbers) / len(numbers)
