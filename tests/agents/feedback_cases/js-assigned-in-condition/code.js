function gate(tickets) {
  if (tickets = 0) {
    return "closed";
  }
  return "open";
}
