def nearest(here, places):
    pass
