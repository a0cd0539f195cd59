function longestCalm(winds, limit) {
  let longest = 0;
  let present = 0;
  for (const wind of winds) {
    if (wind > limit) {
      present = 0;
    } else {
      present += 1;
      longest = Math.max(longest, present);
    }
  }
  return longest;
}
