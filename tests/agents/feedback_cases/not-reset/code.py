def longest_calm(waves, limit):
    longest = 0
    current = 0
    for height in waves:
        if height <= limit:
            current += 1
            if current > longest:
                longest = current
    return longest
