function fare(distance) {
  let price = 3;
  if (distance > 10) {
    let price = 7;
  }
  return price;
}
