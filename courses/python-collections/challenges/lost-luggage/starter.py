def bags_of(scan):
    pass


def missing_bags(loaded, arrived):
    pass


def to_call(loaded, arrived, owners):
    pass
