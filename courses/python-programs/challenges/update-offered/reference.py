def numbers(version):
    parts = [int(part) for part in version.removeprefix("v").split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return parts


def update(installed, offered):
    best = installed
    for version in offered:
        if numbers(version) > numbers(best):
            best = version
    return None if best == installed else best
