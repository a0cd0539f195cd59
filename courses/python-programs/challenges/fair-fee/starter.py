def fee(amount):
    pass


def total(amounts):
    pass
