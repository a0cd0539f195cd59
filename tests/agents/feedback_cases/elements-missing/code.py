def chain(links, last):
    done = []
    while links:
        done.append(links.pop(0))
    return done
