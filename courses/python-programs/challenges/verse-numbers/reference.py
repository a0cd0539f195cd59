import sys

verses = 0
gap = False
for line in sys.stdin:
    verse = line.strip()
    if verse == "":
        gap = verses > 0
    else:
        if gap:
            print()
        gap = False
        verses += 1
        print(verses, verse)
print("verses:", verses)
