import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vitest/config";

/** Programs for the learner's interpreters are texts to us, as esbuild makes them. */
const texts: Plugin = {
  name: "texts",
  enforce: "pre",
  load: (id) => (/\.(py|cjs)$/.test(id) ? `export default ${JSON.stringify(readFileSync(id, "utf8"))}` : null),
};

/** Milliseconds until a test in the real host holds that what it waits for will not come: the machine may be busy. */
const PATIENCE = 60_000;

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [texts],
        test: { name: "unit", include: ["test/unit/**/*.test.ts"], environment: "node", testTimeout: 60_000 },
      },
      {
        test: {
          name: "bench",
          include: ["test/bench/**/*.test.ts"],
          environment: "node",
          testTimeout: 3_600_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "host",
          include: ["test/host/**/*.test.ts"],
          globalSetup: "test/host/setup.ts",
          environment: "node",
          testTimeout: 240_000,
          hookTimeout: 240_000,
          expect: { poll: { timeout: PATIENCE, interval: 100 } },
          fileParallelism: false,
          sequence: { concurrent: false },
        },
      },
    ],
  },
});
