def restore(first, second):
    pass
