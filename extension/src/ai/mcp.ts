import * as vscode from "vscode";
import type { Context } from "../context";
import { Disposables } from "../disposable";

/** Of VS Code 1.101; in 1.100, which this extension still runs in, it is a proposal with another contract. */
interface Later {
  registerMcpServerDefinitionProvider?: (id: string, provider: object) => vscode.Disposable;
}
type HttpDefinition = new (
  label: string,
  uri: vscode.Uri,
  headers?: Record<string, string>,
  version?: string,
) => { headers: Record<string, string> };

function since101(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 1 || minor >= 101;
}

/** The product's MCP endpoint for the assistants of this editor, signed in as the learner; the token is never kept there. */
export class McpServer extends Disposables {
  constructor(context: Context) {
    super();
    const { registerMcpServerDefinitionProvider: register } = vscode.lm as Later;
    const { McpHttpServerDefinition } = vscode as { McpHttpServerDefinition?: HttpDefinition };
    if (!since101(vscode.version) || !register || !McpHttpServerDefinition) return;
    const changed = this.add(new vscode.EventEmitter<void>());
    this.add(context.onLearner.on(() => changed.fire()));
    this.add(
      register.call(vscode.lm, "goals.mcp", {
        onDidChangeMcpServerDefinitions: changed.event,
        provideMcpServerDefinitions: () => {
          const server = context.learner?.session.server;
          return server === undefined
            ? []
            : [new McpHttpServerDefinition("AI Goals Tracker", vscode.Uri.parse(`${server}/mcp`))];
        },
        resolveMcpServerDefinition: async (definition: InstanceType<HttpDefinition>) => {
          const { session } = context.require();
          definition.headers = { Authorization: `Bearer ${await context.sessions.tokens(session.id).access()}` };
          return definition;
        },
      }),
    );
  }
}
