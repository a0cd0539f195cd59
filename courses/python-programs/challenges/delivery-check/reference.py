def check(fee):
    assert fee(0, False) == 5
    assert fee(49, False) == 5
    assert fee(50, False) == 0
    assert fee(49, True) == 9
    assert fee(50, True) == 4
    try:
        fee(-1, False)
    except ValueError:
        return
    raise AssertionError("a total below 0 is not refused")


RULE = {"fee": 5, "free from": 50, "express": 4, "express when free": 4, "least": 0}


def version(different):
    rule = RULE | different

    def fee(total, express):
        if total < rule["least"]:
            raise ValueError(f"no total: {total}")
        if total < rule["free from"]:
            return rule["fee"] + (rule["express"] if express else 0)
        return rule["express when free"] if express else 0

    return fee


def complains(different):
    try:
        check(version(different))
    except (AssertionError, ValueError):
        return True
    return False
