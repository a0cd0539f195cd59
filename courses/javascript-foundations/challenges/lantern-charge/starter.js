function charge(level, hours, state) {
  return level + 25 * hours;
}
