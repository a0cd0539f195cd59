// The extension and its webviews as bundles in dist/. `--watch` rebuilds while one works.
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { promisify } from "node:util";
import esbuild from "esbuild";

const watch = process.argv.includes("--watch");
const common = { bundle: true, minify: !watch, sourcemap: watch, logLevel: "warning", legalComments: "none" };
/** What is imported at its first use stands in a file of its own: VS Code does not read it when it starts. */
const later = {
  name: "later",
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === "dynamic-import" ? { path: `./${path.split("/").at(-1)}.js`, external: true } : undefined,
    );
  },
};
const builds = [
  {
    ...common,
    entryPoints: {
      extension: "src/extension.ts",
      markdown: "src/views/markdown.ts",
      ws: "node_modules/ws/wrapper.mjs",
    },
    plugins: [later],
    supported: { "dynamic-import": false }, // it is a `require` then, which knows what a default is
    outdir: "dist",
    platform: "node",
    target: "node20",
    format: "cjs",
    // bufferutil and utf-8-validate are optional to ws; without them it is whole.
    external: ["vscode", "bufferutil", "utf-8-validate"],
    loader: { ".py": "text", ".cjs": "text" },
  },
  {
    ...common,
    entryPoints: { progress: "src/webview/progress.ts", goal: "src/webview/goal.ts" },
    outdir: "dist/webview",
    platform: "browser",
    target: "es2022",
    format: "iife",
  },
];

async function style() {
  const args = [
    "node_modules/@tailwindcss/cli/dist/index.mjs",
    "-i",
    "src/webview/style.css",
    "-o",
    "dist/webview/style.css",
  ];
  await promisify(execFile)(process.execPath, [...args, "--minify"]);
}

await mkdir("dist/webview", { recursive: true });
if (watch) {
  for (const options of builds) await (await esbuild.context(options)).watch();
} else {
  await Promise.all([...builds.map((options) => esbuild.build(options)), style()]);
}
