def halves(n):
    return [k for k in range(n / 2)]
