function fullBoxes(eggs) {
  const boxes = eggs / 6;
  return boxes;
}
