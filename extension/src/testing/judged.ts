/** Of each goal its latest run, and whether that was of the text in the file: what is said of its lines is said of those. */
export class Judged {
  private readonly runs = new Map<string, { run: string | null; ofFile: Promise<boolean> }>();

  /** A run that has no name yet: whatever is said of one before it comes too late. */
  begun(goal: string): void {
    this.runs.set(goal, { run: null, ofFile: Promise.resolve(false) });
  }

  finished(goal: string, run: string, ofFile: Promise<boolean>): void {
    this.runs.set(goal, { run, ofFile });
  }

  /** Whether no other has followed it, as far as was seen here. */
  latest(goal: string, run: string): boolean {
    const latest = this.runs.get(goal);
    return !latest || latest.run === run;
  }

  /** Whether the run was of what the file holds; true of a goal of which no run was seen here. */
  async ofFile(goal: string, run: string): Promise<boolean> {
    const latest = this.runs.get(goal);
    if (!latest) return true;
    return latest.run === run && (await latest.ofFile) && this.runs.get(goal) === latest;
  }

  clear(): void {
    this.runs.clear();
  }
}
