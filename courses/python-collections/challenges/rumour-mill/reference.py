def who_knows(first, friends, days):
    known = {first}
    for _ in range(days):
        told = set()
        for one, other in friends:
            if one in known or other in known:
                told.update([one, other])
        known = known | told
    return sorted(known)
