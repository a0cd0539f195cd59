def steepest_climb(heights):
    best = 0
    for i in range(1, len(heights)):
        rise = heights[i] - heights[i - 1]
        if rise > best:
            best = rise
    return best
