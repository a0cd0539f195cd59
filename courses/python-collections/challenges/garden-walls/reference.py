def puddles(heights):
    depths = []
    for at, stone in enumerate(heights):
        level = min(max(heights[: at + 1]), max(heights[at:]))
        depths.append(level - stone)
    return depths
