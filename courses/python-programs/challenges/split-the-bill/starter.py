def each_pays(bill, people, tip, guests):
    return bill / people
