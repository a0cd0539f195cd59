function berthLabel(number) {
  return `compartment ${number}`;
}
