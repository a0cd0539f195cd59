/** Numbers what is begun for each key, so that what was slow can tell that it was overtaken. */
export class Turns {
  private readonly latest = new Map<string, number>();
  private count = 0;

  /** Begins something for `key`. Returns what tells whether nothing has been begun for it since. */
  begin(key = ""): () => boolean {
    const turn = ++this.count;
    this.latest.set(key, turn);
    return () => this.latest.get(key) === turn;
  }
}
