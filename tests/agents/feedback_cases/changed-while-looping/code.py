def without_zeros(numbers):
    for n in numbers:
        if n == 0:
            numbers.remove(n)
    return numbers
