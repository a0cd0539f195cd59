function power(base, times) {
  if (times === 0) {
    return 0;
  }
  return base * power(base, times - 1);
}
