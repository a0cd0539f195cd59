def fetch(cellar, wine, log):
    log.append("on")
    try:
        if cellar[wine] < 1:
            raise ValueError(wine)
        cellar[wine] = cellar[wine] - 1
        log.append(wine)
    finally:
        log.append("off")


def evening(cellar, wishes):
    log = []
    for wine in wishes:
        try:
            fetch(cellar, wine, log)
        except (KeyError, ValueError):
            log.append("no " + wine)
    return [log, cellar]
