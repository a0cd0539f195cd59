def hour_on_dial(now, passed):
    return now + passed
