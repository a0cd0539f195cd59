def read_line(line):
    parts = line.split(",")
    if len(parts) != 3:
        raise ValueError("three parts needed")
    return {"item": parts[0].strip(), "owner": parts[1].strip(), "minutes": int(parts[2])}


def minutes_by_owner(lines):
    totals = {}
    for line in lines:
        if line.strip() != "":
            repair = read_line(line)
            totals[repair["owner"]] = totals.get(repair["owner"], 0) + repair["minutes"]
    return totals


def mean_minutes(lines):
    repairs = [read_line(line) for line in lines if line.strip() != ""]
    if repairs == []:
        return 0.0
    return sum(repair["minutes"] for repair in repairs) / len(repairs)
