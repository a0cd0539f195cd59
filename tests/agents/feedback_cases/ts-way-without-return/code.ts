function size(count: number): string | undefined {
  if (count > 20) {
    return "large";
  } else if (count > 5) {
    return "medium";
  }
}
