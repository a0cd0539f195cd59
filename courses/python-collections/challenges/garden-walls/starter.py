def puddles(heights):
    depths = []
    for at in range(1, len(heights) - 1):
        side = min(heights[at - 1], heights[at + 1])
        depths.append(side - heights[at])
    return depths
