function freight(loads) {
  let sum = 0;
  for (const load in loads) {
    sum += Number(load);
  }
  return sum;
}
