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

export class Distrusted extends Unreachable {}

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
}

export class Incompatible extends ServerError {
  constructor(
    readonly server: string,
    readonly said: string,
  ) {
    super(`${server} speaks another protocol: ${said}`);
  }
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|SSL/;

/** The error of a request that never got an answer, told apart by Node's code of its cause. */
export function unanswered(server: string, error: unknown): Unreachable {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const why = code || (cause instanceof Error ? cause.message : String(cause));
  return CERTIFICATE.test(code) ? new Distrusted(server, why) : new Unreachable(server, why);
}
