def ring(hands):
    return [left for left, right in hands]
