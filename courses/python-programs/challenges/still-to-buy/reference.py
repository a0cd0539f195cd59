def still_to_buy(name):
    left = []
    with open(name) as file:
        for line in file:
            line = line.strip()
            if line.startswith("[ ]"):
                left.append(line[3:].strip())
    return left
