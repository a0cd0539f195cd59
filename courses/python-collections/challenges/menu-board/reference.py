def wrapped(text, width):
    lines = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] = lines[-1] + " " + word
        else:
            lines.append(word)
    return lines


def centred(line, width):
    room = max(width - len(line), 0)
    left = room // 2
    return " " * left + line + " " * (room - left)


def board(text, width):
    lines = wrapped(text, width)
    for line in lines:
        width = max(width, len(line))
    frame = "+" + "-" * width + "+"
    return [frame] + ["|" + centred(line, width) + "|" for line in lines] + [frame]
