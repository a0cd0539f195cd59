import * as vscode from "vscode";
import { Disposables } from "../disposable";
import type { DeviceRequest, Me, TokenPair } from "../protocol/generated";
import { request } from "../server/http";
import { approved, begin } from "./device";
import { held, type Session, type Sessions } from "./sessions";

export const PROVIDER = "goals";

/**
 * Sign-in as VS Code knows it: the Accounts menu, several accounts, other extensions by consent. The learner signs in
 * on a page of the server in their browser (opened with the code in place), or types the code on any other device.
 */
export class Provider extends Disposables implements vscode.AuthenticationProvider {
  private readonly changed = this.add(
    new vscode.EventEmitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>(),
  );
  readonly onDidChangeSessions = this.changed.event;

  constructor(
    private readonly sessions: Sessions,
    private readonly server: () => string,
  ) {
    super();
    this.add(
      sessions.onChanged.on(({ added, removed, changed }) =>
        this.changed.fire({ added: added.map(shown), removed: removed.map(shown), changed: changed.map(shown) }),
      ),
    );
    this.add(
      vscode.authentication.registerAuthenticationProvider(PROVIDER, "AI Goals Tracker", this, {
        supportsMultipleAccounts: true,
      }),
    );
  }

  /** Silent: whoever is away or has ended is not in the list, and nobody is asked. */
  async getSessions(
    _scopes: readonly string[] | undefined,
    options: vscode.AuthenticationProviderSessionOptions,
  ): Promise<vscode.AuthenticationSession[]> {
    const kept = await this.sessions.all();
    const wanted = kept.filter((one) => options.account === undefined || one.id === options.account.id);
    const fresh = await Promise.all(
      wanted.map(async (one) => {
        const access = await this.sessions
          .tokens(one.id)
          .access()
          .catch(() => null);
        return access === null ? [] : [shown({ ...one, access })];
      }),
    );
    return fresh.flat();
  }

  async createSession(): Promise<vscode.AuthenticationSession> {
    const server = this.server();
    const asked = await begin(server);
    if (!(await this.show(asked))) throw new vscode.CancellationError();
    const pair = await this.wait(server, asked);
    const me = JSON.parse((await request(server, "GET", "/v1/me", { token: pair.access_token })).text) as Me;
    const session = {
      id: `${me.learner}@${server}`,
      server,
      email: me.email,
      name: me.name,
      ...held(pair, Date.now()),
    };
    await this.sessions.keep(session);
    return shown(session);
  }

  async removeSession(id: string): Promise<void> {
    await this.sessions.remove(id);
  }

  private async show(asked: DeviceRequest): Promise<boolean> {
    const open = vscode.l10n.t("Open Browser");
    const copy = vscode.l10n.t("Copy Code");
    const detail = vscode.l10n.t(
      "Sign in on your server's page and compare this code:\n\n{0}\n\nOn another device, type it at {1}",
      asked.user_code,
      asked.verification_uri,
    );
    const title = vscode.l10n.t("Sign in to AI Goals Tracker");
    const choice = await vscode.window.showInformationMessage(title, { modal: true, detail }, open, copy);
    if (choice === copy) await vscode.env.clipboard.writeText(asked.user_code);
    if (choice === open) await vscode.env.openExternal(vscode.Uri.parse(asked.verification_uri_complete, true));
    return choice !== undefined;
  }

  private wait(server: string, asked: DeviceRequest): Promise<TokenPair> {
    const title = vscode.l10n.t("Waiting for your browser · code {0}", asked.user_code);
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    return Promise.resolve(
      vscode.window.withProgress(options, async (_, cancelled) => {
        const gone = new AbortController();
        const listening = cancelled.onCancellationRequested(() => gone.abort(new vscode.CancellationError()));
        try {
          return await approved(server, asked, gone.signal);
        } catch (error) {
          throw cancelled.isCancellationRequested ? new vscode.CancellationError() : error;
        } finally {
          listening.dispose();
        }
      }),
    );
  }
}

function shown(session: Session): vscode.AuthenticationSession {
  return {
    id: session.id,
    accessToken: session.access,
    account: { id: session.id, label: session.email },
    scopes: [],
  };
}
