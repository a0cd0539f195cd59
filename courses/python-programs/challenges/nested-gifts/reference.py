def papers(present):
    if isinstance(present, str):
        return []
    return [present[0]] + papers(present[1])
