def print_markers(start, end, step):
    for kilometre in range(start, end + 1, step):
        if kilometre % 5 == 0:
            print(f"km {kilometre}: rest")
        else:
            print(f"km {kilometre}")
