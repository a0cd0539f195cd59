function printPrices(names, prices) {
  console.log(names.length, "things");
}
