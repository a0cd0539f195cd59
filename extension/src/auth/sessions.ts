import { Signal } from "../disposable";
import type { TokenPair } from "../protocol/generated";
import type { Tokens } from "../server/api";
import { SignedOut } from "../server/errors";
import { request } from "../server/http";

/** Milliseconds before its end at which an access token is renewed. */
export const EARLY = 45_000;
export const KEY = "goals.sessions";

export interface Session {
  id: string;
  server: string;
  learner: string;
  email: string;
  name: string;
  access: string;
  refresh: string;
  /** By this machine's clock, in milliseconds: counted from when the token came, so the server's clock is not asked. */
  expires: number;
  /** The server has ended it: it waits for the learner to sign in again, and what they do meanwhile is kept. */
  ended?: boolean;
}

/** Where secrets are kept; VS Code's SecretStorage, which all windows share. */
export interface Secrets {
  get(key: string): Thenable<string | undefined>;
  store(key: string, value: string): Thenable<void>;
}

/** Runs `work` while no other window does: a refresh token works once, and used twice ends the sign-in. */
export type Exclusive = <T>(work: () => Promise<T>) => Promise<T>;

/** The sign-ins of this machine. */
export class Sessions {
  /** The server has ended a sign-in. */
  readonly onEnded = new Signal<Session>();
  /** The learner has ended one, wherever they did: a command, or the menu of accounts. */
  readonly onSignedOut = new Signal<Session>();
  /** The account of a sign-in was erased: what is kept of it here goes, too. */
  readonly onErased = new Signal<Session>();
  /** An access token has taken the place of another, by this window. */
  readonly onRenewed = new Signal<Session>();
  readonly onChanged = new Signal<{ added: Session[]; removed: Session[]; changed: Session[] }>();

  constructor(
    private readonly secrets: Secrets,
    private readonly exclusive: Exclusive,
    private readonly now: () => number,
  ) {}

  async all(): Promise<Session[]> {
    const text = await this.secrets.get(KEY);
    if (text === undefined) return [];
    try {
      const read: unknown = JSON.parse(text);
      return Array.isArray(read) ? (read as Session[]) : [];
    } catch {
      return []; // unreadable is as good as none: signing in again writes it anew
    }
  }

  async keep(session: Session): Promise<void> {
    await this.exclusive(async () => {
      const others = (await this.all()).filter((one) => one.id !== session.id);
      await this.secrets.store(KEY, JSON.stringify([...others, session]));
    });
    this.onChanged.fire({ added: [session], removed: [], changed: [] });
  }

  /** Signs out, here and on the server; where that is away, the token runs out by itself. */
  async remove(id: string): Promise<Session | undefined> {
    const gone = await this.exclusive(() => this.drop(id));
    if (gone) {
      this.onChanged.fire({ added: [], removed: [gone], changed: [] });
      this.onSignedOut.fire(gone);
      if (gone.ended) return gone;
      await request(gone.server, "POST", "/v1/auth/logout", { body: { refresh_token: gone.refresh } }).catch(
        () => null,
      );
    }
    return gone;
  }

  /** Tokens of one sign-in, renewed as they run out. */
  tokens(id: string): Tokens {
    return {
      access: async () => {
        const session = await this.alive(id);
        return this.now() < session.expires - EARLY ? session.access : this.renew(id, session.access);
      },
      renew: (used) => this.renew(id, used),
      erased: async () => this.end(await this.get(id), true),
    };
  }

  async get(id: string): Promise<Session> {
    const session = (await this.all()).find((one) => one.id === id);
    if (!session) throw new SignedOut("not signed in");
    return session;
  }

  private async alive(id: string): Promise<Session> {
    const session = await this.get(id);
    if (session.ended) throw new SignedOut("the sign-in has ended");
    return session;
  }

  /** Another token than `used`. Raises SignedOut where the sign-in has ended, Unreachable. */
  private async renew(id: string, used: string): Promise<string> {
    const ended = { session: null as Session | null };
    try {
      return await this.exclusive(async () => {
        const session = await this.alive(id);
        if (session.access !== used && this.now() < session.expires - EARLY) return session.access; // another window was first
        ended.session = session;
        const renewed = await this.refresh(session);
        ended.session = null;
        const others = (await this.all()).filter((one) => one.id !== id);
        await this.secrets.store(KEY, JSON.stringify([...others, renewed]));
        this.onRenewed.fire(renewed);
        return renewed.access;
      });
    } catch (error) {
      if (error instanceof SignedOut && ended.session) await this.end(ended.session, error.erased);
      throw error;
    }
  }

  private async end(session: Session, erased: boolean): Promise<void> {
    const over = { ...session, access: "", refresh: "", ended: true };
    const ended = await this.exclusive(async () => {
      const all = await this.all();
      // Meanwhile they may have signed in again, or out, in this window or another.
      if (!erased && all.find((one) => one.id === session.id)?.refresh !== session.refresh) return false;
      const others = all.filter((one) => one.id !== session.id);
      await this.secrets.store(KEY, JSON.stringify(erased ? others : [...others, over]));
      return true;
    });
    if (!ended) return;
    (erased ? this.onErased : this.onEnded).fire(over);
    this.onChanged.fire({ added: [], removed: [over], changed: [] });
  }

  private async refresh(session: Session): Promise<Session> {
    // By the access token the server tells an account that was erased from a sign-in that has ended.
    const body = { refresh_token: session.refresh, access_token: session.access };
    const { text } = await request(session.server, "POST", "/v1/auth/refresh", { body });
    return { ...session, ...held(JSON.parse(text) as TokenPair, this.now()) };
  }

  private async drop(id: string): Promise<Session | undefined> {
    const all = await this.all();
    await this.secrets.store(KEY, JSON.stringify(all.filter((one) => one.id !== id)));
    return all.find((one) => one.id === id);
  }
}

/** What of a token pair is kept. */
export function held(pair: TokenPair, now: number): Pick<Session, "learner" | "access" | "refresh" | "expires"> {
  return {
    learner: pair.learner,
    access: pair.access_token,
    refresh: pair.refresh_token,
    expires: now + pair.expires_in * 1_000,
  };
}
