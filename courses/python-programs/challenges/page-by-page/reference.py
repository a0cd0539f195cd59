from itertools import islice


def everything(fetch):
    word = "first"
    while word is not None:
        page = fetch(word)
        yield from page["items"]
        word = page["next"]


def find(fetch, text):
    for item in everything(fetch):
        if text in item:
            return item
    return None


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
