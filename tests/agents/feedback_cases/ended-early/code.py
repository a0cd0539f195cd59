import sys
def half(n):
    sys.exit()
