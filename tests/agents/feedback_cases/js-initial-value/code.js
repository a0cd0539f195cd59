function warmest(degrees) {
  let best = 0;
  for (const degree of degrees) {
    if (degree > best) {
      best = degree;
    }
  }
  return best;
}
