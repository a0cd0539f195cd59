def ring(hands):
    following = {}
    for left, right in hands:
        following[left] = right
        dancer = left
    around = []
    while dancer not in around:
        around.append(dancer)
        dancer = following[dancer]
    return around
