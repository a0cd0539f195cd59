function ropeFor(length, knots) {
  return length;
}
