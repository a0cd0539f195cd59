function label(name) {
  name.replace("_", " ");
  return name.toUpperCase();
}
