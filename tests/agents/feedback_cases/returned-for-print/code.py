def markers(start, end):
    lines = []
    for k in range(start, end + 1):
        lines.append(f"km {k}")
    return "\n".join(lines)
