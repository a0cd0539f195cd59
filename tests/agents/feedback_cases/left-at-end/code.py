def longest_calm(waves, limit):
    longest = 0
    current = 0
    for height in waves:
        if height <= limit:
            current += 1
        else:
            longest = max(longest, current)
            current = 0
    return longest
