def room(guests, large):
    if large:
        return "small"
    return "hall"
