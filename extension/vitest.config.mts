import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vitest/config";

/** Programs for the learner's interpreters are texts to us, as esbuild makes them. */
const texts: Plugin = {
  name: "texts",
  enforce: "pre",
  load: (id) => (/\.(py|cjs)$/.test(id) ? `export default ${JSON.stringify(readFileSync(id, "utf8"))}` : null),
};

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
          environment: "node",
          testTimeout: 240_000,
          hookTimeout: 240_000,
          fileParallelism: false,
          sequence: { concurrent: false },
        },
      },
    ],
  },
});
