function strikes(rows) {
  let count = 0;
  for (const row of rows) {
    count = 0;
    if (row === 10) {
      count += 1;
    }
  }
  return count;
}
