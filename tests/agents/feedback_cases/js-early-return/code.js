function hasGap(levels) {
  for (let i = 1; i < levels.length; i++) {
    if (levels[i] - levels[i - 1] > 1) {
      return true;
    } else {
      return false;
    }
  }
  return false;
}
