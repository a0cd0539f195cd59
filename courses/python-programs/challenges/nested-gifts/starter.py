def papers(present):
    colour, inside = present
    return [colour]
