PRICES = {"tea": 2}


def price(drink):
    return PRICES[drink]
