async function rate(kind: string): Promise<number> {
  return kind === "child" ? 5 : 9;
}

async function bill(kinds: string[]): Promise<number> {
  let sum = 0;
  for (const kind of kinds) {
    const one = rate(kind);
    sum += one as unknown as number;
  }
  return sum;
}
