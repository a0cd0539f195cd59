def offers(mine, yours):
    pass
