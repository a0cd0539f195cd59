function printPrices(names, prices) {
  names.forEach((name, place) => {
    const price = prices[place];
    if (price >= 20) {
      console.log(`${name}: ${price} (dear)`);
    } else {
      console.log(`${name}: ${price}`);
    }
  });
  const word = names.length === 1 ? "thing" : "things";
  console.log(`${names.length} ${word}`);
}
