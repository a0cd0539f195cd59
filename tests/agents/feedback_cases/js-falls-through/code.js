function wheels(vehicle) {
  let count = 0;
  switch (vehicle) {
    case "bike":
      count = 2;
    case "car":
      count = 4;
      break;
    default:
      count = 1;
  }
  return count;
}
