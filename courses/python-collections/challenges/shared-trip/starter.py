def balances(expenses):
    owed = {}
    for payer, amount, who in expenses:
        owed[payer] = amount
        for name in who:
            owed[name] = -amount // len(who)
    return owed
