def longest_calm(waves, limit):
    calm = 0
    for height in waves:
        if height < limit:
            calm = calm + 1
    return calm
