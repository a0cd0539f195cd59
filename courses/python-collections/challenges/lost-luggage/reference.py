def bags_of(scan):
    codes = set()
    for piece in scan.split(","):
        code = piece.strip().upper()
        if code:
            codes.add(code)
    return sorted(codes)


def missing_bags(loaded, arrived):
    return sorted(set(bags_of(loaded)) - set(bags_of(arrived)))


def to_call(loaded, arrived, owners):
    names = set()
    unknown = []
    for bag in missing_bags(loaded, arrived):
        if bag in owners:
            names.add(owners[bag])
        else:
            unknown.append(bag)
    return {"names": sorted(names), "unknown": unknown}
