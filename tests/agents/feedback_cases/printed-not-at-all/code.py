def markers(start, end):
    for k in range(end, start):
        print("km", k)
