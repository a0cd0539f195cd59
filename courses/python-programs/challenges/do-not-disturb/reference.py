def is_quiet(hour, begin, end):
    if begin <= end:
        return begin <= hour < end
    return hour >= begin or hour < end


def delivered(hours, begin, end):
    return [end if is_quiet(hour, begin, end) else hour for hour in hours]
