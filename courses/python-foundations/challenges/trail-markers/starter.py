def print_markers(start, end, step):
    print("km", start)
