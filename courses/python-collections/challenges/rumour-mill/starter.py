def who_knows(first, friends, days):
    known = {first}
    for day in range(days):
        for one, other in friends:
            if one in known:
                known.add(other)
    return sorted(known)
