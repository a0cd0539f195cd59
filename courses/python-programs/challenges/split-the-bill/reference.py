def each_pays(bill, people, tip=10, guests=0):
    hundredths = bill * (100 + tip)
    return -(-hundredths // (100 * (people - guests)))
