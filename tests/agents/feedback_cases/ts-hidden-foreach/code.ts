function firstEven(numbers: number[]): number {
  numbers.forEach((n) => {
    if (n % 2 === 0) {
      return n;
    }
  });
  return -1;
}
