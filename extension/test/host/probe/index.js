/* Another extension in the same host: does what a test tells it, with VS Code's own API. */
const { createServer } = require("node:http");
const { writeFileSync } = require("node:fs");
const path = require("node:path");
const vscode = require("vscode");

/** A chat needs somebody who answers by default, and a model: this one repeats what it was told, and remembers it. */
const asked = (globalThis.asked = []);
function chat() {
  vscode.chat.createChatParticipant("probe.default", async () => ({}));
  const model = {
    provideLanguageModelResponse: async (messages, _options, _extension, progress) => {
      asked.push(messages.map((message) => message.content.map((part) => part.value ?? part).join("")));
      // A model that does what the learner asks of it, whatever it was told first.
      const solution = "\n\n```python\ndef nights_of_light(litres, per_night):\n    return litres // per_night\n```\n";
      for (const part of ["Think of the ", "units first.", solution.slice(0, 30), solution.slice(30), "Try it."])
        progress.report({ index: 0, part: new vscode.LanguageModelTextPart(part) });
    },
    provideTokenCount: async () => 1,
  };
  const about = {
    vendor: "probe",
    name: "Probe",
    family: "probe",
    version: "1",
    maxInputTokens: 9e4,
    maxOutputTokens: 9e3,
  };
  vscode.lm.registerChatModelProvider("probe", model, { ...about, isDefault: true, isUserSelectable: true });
}

/** A place that is not on disk: empty, and nothing can be written there. */
const nowhere = {
  onDidChangeFile: () => ({ dispose: () => undefined }),
  watch: () => ({ dispose: () => undefined }),
  stat: (uri) => {
    if (uri.path !== "/") throw vscode.FileSystemError.FileNotFound(uri);
    return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
  },
  readDirectory: () => [],
  readFile: absent,
  writeFile: absent,
  createDirectory: absent,
  delete: absent,
  rename: absent,
};
function absent(uri) {
  throw vscode.FileSystemError.FileNotFound(uri);
}

exports.activate = (context) => {
  const tell = (what) => writeFileSync(path.join(process.env.GOALS_PROBES, `${process.pid}`), String(what));
  try {
    vscode.workspace.registerFileSystemProvider("nowhere", nowhere, { isReadonly: true });
    chat();
  } catch (error) {
    tell(error?.stack);
    return;
  }
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
    tell(server.address().port);
  });
  context.subscriptions.push({ dispose: () => server.close() });
};
