function isUnset(value) {
  if (value == 0) {
    return true;
  }
  return value === null;
}
