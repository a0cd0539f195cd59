def steepest(heights):
    rises = [b - a for a, b in zip(heights, heights[1:])]
    best = rises[0]
    for i in range(1, len(rises)):
        if rises[i] < best:
            best = rises[i]
    return best
