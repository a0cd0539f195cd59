def update(installed, offered):
    newest = max(offered)
    if newest > installed:
        return newest
    return None
