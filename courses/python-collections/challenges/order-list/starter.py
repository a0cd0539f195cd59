def to_order(stock, sold):
    return {thing: stock[thing] - sold[thing] for thing in sold}
