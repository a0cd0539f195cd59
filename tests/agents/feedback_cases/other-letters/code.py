def lit(windows):
    return windows.count("On")
