def to_order(stock, sold):
    left = {thing: number - sold.get(thing, 0) for thing, number in stock.items()}
    return {thing: {{full}} - number for thing, number in left.items() if number < {{least}}}
