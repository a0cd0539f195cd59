import * as vscode from "vscode";
import { EARLY } from "../auth/sessions";
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

/**
 * The product's MCP endpoint for the assistants of this editor, signed in as the learner; the token is never kept there.
 * VS Code asks for a token when it connects, and keeps to it. A definition of another version makes it connect anew at
 * the next use, so there is one for each token.
 */
export class McpServer extends Disposables {
  private version = 0;
  private renewal: NodeJS.Timeout | undefined;

  constructor(private readonly context: Context) {
    super();
    const { registerMcpServerDefinitionProvider: register } = vscode.lm as Later;
    const { McpHttpServerDefinition } = vscode as { McpHttpServerDefinition?: HttpDefinition };
    if (!since101(vscode.version) || !register || !McpHttpServerDefinition) return;
    const changed = this.add(new vscode.EventEmitter<void>());
    const anew = () => {
      this.version += 1;
      changed.fire();
    };
    this.add(context.onLearner.on(anew));
    this.add(context.sessions.onRenewed.on(anew));
    this.add({ dispose: () => clearTimeout(this.renewal) });
    this.add(
      register.call(vscode.lm, "goals.mcp", {
        onDidChangeMcpServerDefinitions: changed.event,
        provideMcpServerDefinitions: () => {
          const server = context.learner?.session.server;
          return server === undefined
            ? []
            : [
                new McpHttpServerDefinition(
                  "AI Goals Tracker",
                  vscode.Uri.parse(`${server}/mcp`),
                  undefined,
                  String(this.version),
                ),
              ];
        },
        resolveMcpServerDefinition: async (definition: InstanceType<HttpDefinition>) => {
          definition.headers = { Authorization: `Bearer ${await this.token()}` };
          return definition;
        },
      }),
    );
  }

  /** Of the learner who is in front; renewed in time by this window, whatever else it does. */
  private async token(): Promise<string> {
    const { sessions } = this.context;
    const { id } = this.context.require().session;
    const access = await sessions.tokens(id).access();
    clearTimeout(this.renewal);
    const left = (await sessions.get(id)).expires - Date.now();
    this.renewal = setTimeout(
      () =>
        void sessions
          .tokens(id)
          .access()
          .catch(() => null),
      Math.max(0, left - EARLY) + 1,
    );
    this.renewal.unref();
    return access;
  }
}
