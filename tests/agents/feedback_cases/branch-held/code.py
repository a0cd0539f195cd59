def ticket(member, age):
    if member:
        return "half"
    return "free"
