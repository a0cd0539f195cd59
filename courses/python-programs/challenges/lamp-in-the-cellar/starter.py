def fetch(cellar, wine, log):
    log.append("on")
    cellar[wine] = cellar[wine] - 1
    log.append(wine)
    log.append("off")


def evening(cellar, wishes):
    log = []
    for wine in wishes:
        fetch(cellar, wine, log)
    return [log, cellar]
