function longestCalm(winds, limit) {
  return winds.length;
}
