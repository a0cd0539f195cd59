function state(queue) {
  if (queue === []) {
    return "empty";
  }
  return "waiting";
}
