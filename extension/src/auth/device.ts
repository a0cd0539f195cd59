import { setTimeout as pause } from "node:timers/promises";
import type { DeviceRequest, TokenPair } from "../protocol/generated";
import { Answered, SignedOut } from "../server/errors";
import { request } from "../server/http";

export async function begin(server: string): Promise<DeviceRequest> {
  return JSON.parse((await request(server, "POST", "/v1/auth/device")).text) as DeviceRequest;
}

/**
 * Asks until the learner has let this editor in (RFC 8628, 3.4). Raises SignedOut where the code ran out, Unreachable,
 * and the reason of `signal` where the learner gave up.
 */
export async function approved(server: string, asked: DeviceRequest, signal: AbortSignal): Promise<TokenPair> {
  const end = Date.now() + asked.expires_in * 1_000;
  while (Date.now() < end) {
    await pause(asked.interval * 1_000, undefined, { signal });
    try {
      const body = { device_code: asked.device_code };
      return JSON.parse((await request(server, "POST", "/v1/auth/device/token", { body, signal })).text) as TokenPair;
    } catch (error) {
      if (!(error instanceof Answered) || (error.problem.status !== 409 && error.problem.status !== 429)) throw error;
    }
  }
  throw new SignedOut("the code has run out");
}
