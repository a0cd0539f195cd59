function countdown(from: number): number[] {
  const shown: number[] = [];
  for (let n = from; n > 0; n--) {
    shown.push(n);
  }
  return shown;
}
