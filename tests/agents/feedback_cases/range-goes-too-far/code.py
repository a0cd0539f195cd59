def below(n):
    found = []
    for i in range(1, n + 1):
        found.append(i)
    return found
