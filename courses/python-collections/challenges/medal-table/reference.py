def table(results):
    return sorted(results, key=lambda name: (-results[name][0], {{sign}}results[name][1], name))
