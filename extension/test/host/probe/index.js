/* Another extension in the same host: does what a test tells it, with VS Code's own API. */
const { createServer } = require("node:http");
const { writeFileSync } = require("node:fs");
const path = require("node:path");
const vscode = require("vscode");

exports.activate = (context) => {
  const server = createServer(async (request, response) => {
    try {
      let body = "";
      for await (const part of request) body += part;
      const { source, args } = JSON.parse(body);
      const value = await new Function("vscode", "args", `return (${source})(vscode, ...args)`)(vscode, args);
      response.end(JSON.stringify({ value: value ?? null }));
    } catch (error) {
      response.end(JSON.stringify({ error: String(error?.stack ?? error) }));
    }
  });
  server.listen(0, "127.0.0.1", () => {
    writeFileSync(path.join(process.env.GOALS_PROBES, `${process.pid}`), String(server.address().port));
  });
  context.subscriptions.push({ dispose: () => server.close() });
};
