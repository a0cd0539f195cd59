def grade(points):
    if points >= 50:
        return "pass"
    elif points >= 90:
        return "top"
    return "fail"
