def highest_tides(name):
    highest = {}
    with open(name) as file:
        for line in file:
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            harbour, height = line.rsplit(" ", 1)
            if int(height) >= highest.get(harbour, int(height)):
                highest[harbour] = int(height)
    return highest
