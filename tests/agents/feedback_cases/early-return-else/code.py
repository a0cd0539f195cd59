def has_even(numbers):
    for n in numbers:
        if n % 2 == 0:
            return True
        else:
            return False
