/** What a button does: a command with what it is called with. */
export interface Action {
  title: string;
  command: string;
  argument?: unknown;
}

/** Something in the learner's way, said with the one thing that helps. */
export class Obstacle extends Error {
  constructor(
    words: string,
    readonly action: Action,
  ) {
    super(words);
  }
}
