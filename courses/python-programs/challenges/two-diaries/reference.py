def together(names):
    entries, lost = [], []
    for name in names:
        person = name.split(".")[0]
        try:
            with open(name) as file:
                lines = file.read().splitlines()
        except FileNotFoundError:
            lost.append("lost: " + person)
            continue
        for line in lines:
            if line.strip():
                day, entry = line.split(" ", 1)
                entries.append([day, f"{day} {person}: {entry}"])
    entries.sort(key=lambda entry: entry[0])
    return [text for _, text in entries] + lost
