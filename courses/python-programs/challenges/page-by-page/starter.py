from itertools import islice


def everything(fetch):
    items = []
    page = fetch("first")
    while page["items"]:
        items.extend(page["items"])
        page = fetch(page["next"])
    return items


def find(fetch, text):
    pass


def noting(pages, fetched):
    def fetch(word):
        fetched.append(word)
        return pages[word]

    return fetch


def take(pages, count):
    fetched = []
    items = list(islice(everything(noting(pages, fetched)), count))
    return [items, fetched]


def look_for(pages, text):
    fetched = []
    item = find(noting(pages, fetched), text)
    return [item, fetched]
