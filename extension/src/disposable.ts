/** Something that ends. The same shape as VS Code's, without importing it. */
export interface Disposable {
  dispose(): void;
}

/** Keeps what has to end together; ends the newest first. */
export class Disposables implements Disposable {
  private readonly kept: Disposable[] = [];
  #over = false;

  add<T extends Disposable>(item: T): T {
    if (this.#over) item.dispose();
    else this.kept.push(item);
    return item;
  }

  dispose(): void {
    this.#over = true;
    while (this.kept.length > 0) this.kept.pop()?.dispose();
  }
}

/** A typed event without VS Code: listeners are called in order, and each may leave. */
export class Signal<T> {
  private readonly listeners = new Set<(value: T) => void>();

  readonly on = (listener: (value: T) => void): Disposable => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }
}
