function countdown(n) {
  const rest = countdown(n - 1);
  return [n, ...rest];
}
