import { createServer } from "node:net";

/**
 * A free port below the range the kernel gives to clients, so that no connection of ours takes it first, and below the
 * one from which the services of other tests take theirs (`goals/services/server.py`): it is needed only a while later.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 10_000);
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once("error", () => resolve(false));
      probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
    });
    if (free) return port;
  }
}
