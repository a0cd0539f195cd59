def scaled(recipe, people):
    served = recipe.get("serves", 1) or 1
    return {name: amount * people // served for name, amount in recipe.items()}
