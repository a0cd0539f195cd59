function buses(children) {
  return Math.floor(children / 40);
}
