function podium(times) {
  const rising = [...times].sort();
  return rising.slice(0, 3);
}
