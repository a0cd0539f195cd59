function countOpen(doors) {
  let open = 0;
  for (let i = 1; i < doors.length; i++) {
    if (doors[i] === "open") {
      open += 1;
    }
  }
  return open;
}
