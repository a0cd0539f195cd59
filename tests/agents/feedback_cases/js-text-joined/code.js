function sumOf(line) {
  let sum = 0;
  for (const part of line.split(",")) {
    sum += part;
  }
  return sum;
}
