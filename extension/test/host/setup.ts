import type { TestProject } from "vitest/node";
import { type Place, Server } from "./server";

declare module "vitest" {
  interface ProvidedContext {
    server: Place;
  }
}

/** One server for all files that leave it as it is (`common.ts`): to start and to stop one takes longer than most tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await Server.start();
  project.provide("server", { port: server.port, data: server.data });
  return () => server.stop();
}
