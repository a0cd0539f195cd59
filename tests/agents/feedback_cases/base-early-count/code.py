def digits(number):
    if number < 10:
        return 0
    return 1 + digits(number // 10)
