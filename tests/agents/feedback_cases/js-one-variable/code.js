function callers(names) {
  const calls = [];
  for (var i = 0; i < names.length; i++) {
    calls.push(() => names[i]);
  }
  return calls.map((call) => call());
}
