function charge(level, hours, state) {
  let change = 0;
  if (state === "lit") {
    change = -12;
  } else if (state === "sun") {
    change = 25;
  }
  const after = level + change * hours;
  return Math.min(100, Math.max(0, after));
}
