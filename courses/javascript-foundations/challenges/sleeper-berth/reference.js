function berthLabel(number) {
  if (number < 1 || number > 30) {
    throw new RangeError(`there is no berth ${number}`);
  }
  const compartment = Math.ceil(number / 3);
  let height = "lower";
  if (number % 3 === 2) {
    height = "middle";
  }
  if (number % 3 === 0) {
    height = "upper";
  }
  return `compartment ${compartment}, ${height}`;
}
