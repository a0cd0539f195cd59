def offers(mine, yours):
    mine.sort()
    yours.sort()
    return [[s for s in mine if s not in yours], [s for s in yours if s not in mine]]
