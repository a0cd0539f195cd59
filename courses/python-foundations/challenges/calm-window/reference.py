def longest_calm(waves, limit):
    longest = 0
    current = 0
    for height in waves:
        if height <= limit:
            current += 1
            longest = max(longest, current)
        else:
            current = 0
    return longest
