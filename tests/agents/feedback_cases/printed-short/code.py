def markers(start, end):
    k = start
    while k < end:
        print("km", k)
        k += 1
