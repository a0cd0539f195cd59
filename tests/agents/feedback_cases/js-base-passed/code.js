function halves(n) {
  if (n === 1) {
    return 0;
  }
  return 1 + halves(n / 2);
}
