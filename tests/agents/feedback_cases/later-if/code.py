def fare(age):
    if age < 4:
        price = 0
    if age < 16:
        price = 7
    if age < 65:
        price = 14
    else:
        price = 9
    return price
