function firstAndLowest(scores) {
  const rising = scores.sort((a, b) => a - b);
  return [scores[0], rising[0]];
}
