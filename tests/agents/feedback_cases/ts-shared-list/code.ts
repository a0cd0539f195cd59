function withGuest(guests: string[]): string[][] {
  const longer = guests;
  longer.push("Eve");
  return [guests, longer];
}
