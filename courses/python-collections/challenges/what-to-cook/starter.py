def dishes(kitchen, recipes):
    cook = []
    shop = {}
    for dish, needs in recipes.items():
        pass
    return {"cook": cook, "shop": shop}
