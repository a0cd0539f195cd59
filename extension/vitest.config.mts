import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], environment: "node", testTimeout: 60_000 } },
      {
        resolve: { alias: { vscode: new URL("test/bench/vscode.ts", import.meta.url).pathname } },
        test: {
          name: "bench",
          include: ["test/bench/**/*.test.ts"],
          environment: "node",
          testTimeout: 600_000,
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
