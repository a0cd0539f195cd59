/* A program that keeps a journal while its disk is full for a while; told what to do over its standard input. */
import { createInterface } from "node:readline";
import { Journal } from "../../src/outbox/journal";
import { edited } from "./builders";

process.on("SIGXFSZ", () => undefined); // then a write past the limit fails as on a full disk

async function main(): Promise<void> {
  const journal = await Journal.open(process.argv[2] ?? "");
  const told: (string | null)[] = [];
  journal.onHealth.on((error) => told.push(error && error.message));
  const durable: string[] = [];
  let number = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === "again") await journal.again();
    else {
      const ids = Array.from({ length: Number(line) }, () => `e-${++number}`);
      for (const id of ids) await journal.put(edited(id));
    }
    if (journal.problem === null) durable.splice(0, durable.length, ...journal.pending().map((event) => event.id));
    process.stdout.write(`${JSON.stringify({ told, durable, pending: journal.pending().length })}\n`);
  }
}
void main();
