def nights_of_light(litres, per_night):
    nights = litres / per_night
    return [nights, litres - nights * per_night]
