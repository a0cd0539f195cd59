def balances(expenses):
    owed = {}
    for payer, amount, who in expenses:
        share = amount // len(who)
        owed[payer] = owed.get(payer, 0) + share * len(who)
        for name in who:
            owed[name] = owed.get(name, 0) - share
    return owed
