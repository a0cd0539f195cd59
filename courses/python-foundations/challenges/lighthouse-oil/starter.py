def nights_of_light(litres, per_night):
    pass
