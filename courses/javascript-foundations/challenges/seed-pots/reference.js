function sow(seeds, pots) {
  const sown = [];
  let left = seeds;
  for (let pot = pots; pot > 0; pot -= 1) {
    const share = Math.ceil(left / pot);
    sown.push(share);
    left -= share;
  }
  return sown;
}
