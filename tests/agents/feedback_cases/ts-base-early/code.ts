function sumTo(n: number): number {
  if (n <= 1) {
    return 0;
  }
  return n + sumTo(n - 1);
}
