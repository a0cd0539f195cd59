def table(names):
    return "  ".join(names) + "  ."
