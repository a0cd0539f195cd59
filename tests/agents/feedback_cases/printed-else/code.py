def markers(start, end):
    for k in range(start, end + 1):
        print(k, "km")
