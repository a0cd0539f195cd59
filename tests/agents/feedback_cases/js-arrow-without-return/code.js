function prices(items) {
  return items.map((item) => {
    item.price * 2;
  });
}
