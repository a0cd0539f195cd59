def scaled(recipe, people):
    if people < 1:
        raise ValueError("nobody to cook for")
    served = recipe["serves"]
    larger = {}
    for name, amount in recipe.items():
        larger[name] = -(-amount * people // served)
    return larger
