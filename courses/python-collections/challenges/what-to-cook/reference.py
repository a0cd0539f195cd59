def dishes(kitchen, recipes):
    there = set(kitchen)
    cook = []
    shop = {}
    for dish, needs in recipes.items():
        missing = set(needs) - there
        if not missing:
            cook.append(dish)
        elif len(missing) == 1:
            shop[dish] = missing.pop()
    return {"cook": sorted(cook), "shop": shop}
