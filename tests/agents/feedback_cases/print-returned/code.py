def lit(windows):
    return print(windows.count("on"))
