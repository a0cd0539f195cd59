def steepest_climb(heights):
    best = None
    for i in range(1, len(heights)):
        rise = heights[i] - heights[i - 1]
        if best is None or rise > best:
            best = rise
    return best
