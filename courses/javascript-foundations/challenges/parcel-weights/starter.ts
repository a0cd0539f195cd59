type Parcel = { to: string; weight: number };

function loads(parcels: Parcel[], limit: number): string[][] {
  return [parcels.map((parcel) => parcel.to)];
}
