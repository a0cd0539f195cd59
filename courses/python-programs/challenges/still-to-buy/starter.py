def still_to_buy(name):
    with open(name) as file:
        return [line for line in file if "[ ]" in line]
