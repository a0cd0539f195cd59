def fair(args, answer):
    """Every guest sits once, at as few tables as can be, none over the size, and no two differ by more than one."""
    guests, size = args
    if not isinstance(answer, list) or not all(isinstance(table, list) and table for table in answer):
        return False
    sizes = [len(table) for table in answer]
    if sorted(guest for table in answer for guest in table) != sorted(guests):
        return False
    fewest = (len(guests) + size - 1) // size
    return len(answer) == fewest and (not sizes or (max(sizes) <= size and max(sizes) - min(sizes) <= 1))
