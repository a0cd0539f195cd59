type Parcel = { to: string; weight: number };

function loads(parcels: Parcel[], limit: number): string[][] {
  const carts: string[][] = [];
  let room = 0;
  for (const { to, weight } of parcels) {
    if (weight > limit) {
      throw new RangeError(`${weight} is too heavy`);
    }
    if (weight > room) {
      carts.push([]);
      room = limit;
    }
    carts[carts.length - 1].push(to);
    room -= weight;
  }
  return carts;
}
