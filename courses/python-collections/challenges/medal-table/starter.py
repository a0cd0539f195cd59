def table(results):
    return sorted(results, key=lambda name: results[name], reverse=True)
