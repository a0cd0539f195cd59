import { Signal } from "./disposable";

/** Milliseconds of difference that are the network's, and no clock's. */
const NETWORK = 5_000;

/**
 * The server's clock, as well as this machine knows it: its own, corrected by how far the two were apart when the
 * server last told the time. What happens here is told by it, so that a wrong clock makes no wrong history.
 */
export class Clock {
  /** The correction has changed; milliseconds to add to this machine's clock. */
  readonly onOffset = new Signal<number>();

  constructor(
    private readonly machine: () => number,
    public offset = 0,
  ) {}

  readonly now = (): Date => new Date(this.machine() + this.offset);

  /** An instant by this machine's clock (of a file, say) as the server would tell it. */
  readonly told = (at: number): Date => new Date(at + this.offset);

  /** The server's time, just now. */
  hear(server: Date): void {
    const apart = server.getTime() - this.machine();
    if (!Number.isFinite(apart) || Math.abs(apart - this.offset) < NETWORK) return;
    this.offset = Math.abs(apart) < NETWORK ? 0 : apart;
    this.onOffset.fire(this.offset);
  }
}
