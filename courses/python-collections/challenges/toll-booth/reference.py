import sys

prices = {"car": 3, "van": 5}
total = 0
for line in sys.stdin:
    if line.strip():
        vehicle, people = line.split()
        toll = prices.get(vehicle, 0) * int(people)
        print(vehicle, toll)
        total += toll
print("total", total)
