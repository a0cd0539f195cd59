def double(number):
    return nmber * 2
