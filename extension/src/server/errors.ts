/*
 * What may go wrong between this editor and the server:
 *
 *   ServerError
 *   ├── Unreachable     nobody answers; what was done is kept and sent later
 *   │   └── Distrusted  somebody answers whose certificate is not to be trusted
 *   ├── Answered        the server said no: a problem (RFC 9457)
 *   ├── SignedOut       there is no sign-in, or it has ended
 *   └── Incompatible    the server speaks another protocol than this extension
 */
import type { Problem } from "../protocol/generated";

export class ServerError extends Error {}

export class Unreachable extends ServerError {
  constructor(
    readonly server: string,
    readonly why: string,
  ) {
    super(`${server} does not answer: ${why}`);
  }
}

/** What is wrong with a certificate. */
export type Distrust = "expired" | "early" | "name" | "issuer" | "other";

export class Distrusted extends Unreachable {
  constructor(
    server: string,
    why: string,
    readonly distrust: Distrust,
  ) {
    super(server, why);
  }
}

export class Answered extends ServerError {
  constructor(
    readonly problem: Problem,
    readonly retryAfter: number | null = null,
  ) {
    super([problem.detail, problem.hint].filter(Boolean).join(" · "));
  }
}

export class SignedOut extends ServerError {
  /** `type`: of the server's problem, where the server said so. */
  constructor(
    message: string,
    readonly type = "",
  ) {
    super(message);
  }

  /** The account is no more, anywhere. */
  get erased(): boolean {
    return this.type.endsWith(":account-gone");
  }
}

/** `older`: which side has to be updated. */
export class Incompatible extends ServerError {
  constructor(
    readonly server: string,
    readonly older: "server" | "extension",
    readonly said: string,
  ) {
    super(`${server} speaks another protocol: ${said}`);
  }
}

/** Whether only a person can put it right: asking again soon would change nothing. */
export function stubborn(error: Error): boolean {
  return error instanceof Distrusted || error instanceof Incompatible;
}

/** By Node's codes (OpenSSL's X509_V_ERR_*). */
const DISTRUST: Record<string, Distrust> = {
  CERT_HAS_EXPIRED: "expired",
  CERT_NOT_YET_VALID: "early",
  ERR_TLS_CERT_ALTNAME_INVALID: "name",
  DEPTH_ZERO_SELF_SIGNED_CERT: "issuer",
  SELF_SIGNED_CERT_IN_CHAIN: "issuer",
  UNABLE_TO_GET_ISSUER_CERT: "issuer",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "issuer",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "issuer",
};
const CERTIFICATE = /CERT|UNABLE_TO_/;

/** The error of a request that never got an answer, told apart by Node's code of its deepest cause. */
export function unanswered(server: string, error: unknown): Unreachable {
  const cause = deepest(error);
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const why = code || (cause instanceof Error ? cause.message : String(cause));
  const distrust = DISTRUST[code] ?? (CERTIFICATE.test(code) ? "other" : null);
  return distrust === null ? new Unreachable(server, why) : new Distrusted(server, why, distrust);
}

function deepest(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return deepest(error.errors[0]);
  return error instanceof Error && error.cause instanceof Error ? deepest(error.cause) : error;
}
