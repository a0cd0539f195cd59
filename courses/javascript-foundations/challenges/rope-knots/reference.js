function ropeFor(length, knots) {
  const need = length + knots * 15 + 5;
  return Math.ceil(need / 10) * 10;
}
