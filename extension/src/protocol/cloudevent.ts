import { type EventData, type InteractionType, VERSIONS } from "./generated";

/** What a learner did, as a CloudEvent (1.0) of this client's own id: sending it again is harmless. */
export interface Interaction<T extends InteractionType = InteractionType> {
  specversion: "1.0";
  id: string;
  type: T;
  source: string;
  time: string;
  datacontenttype: "application/json";
  /** The version it is written in: what still waits when the server learns a newer one is lifted there. */
  dataschema: string;
  data: Sent<T>;
}

export type Sent<T extends InteractionType> = EventData[T];

/** A stored event from the server; `sequence` is its place in the global order. */
export type Stored = {
  [T in keyof EventData]: {
    id: string;
    type: T;
    source: string;
    time: string;
    sequence: string;
    correlationid: string;
    causationid?: string;
    data: EventData[T];
  };
}[keyof EventData];

export type StoredOf<T extends keyof EventData> = Extract<Stored, { type: T }>;

/** A passing event: not stored, so without a `sequence`. */
export interface Passing {
  id: string;
  type: string;
  time: string;
  data: Record<string, unknown>;
}

export const SOURCE = "/clients/vscode";

export function interaction<T extends InteractionType>(type: T, data: Sent<T>, id: string, time: Date): Interaction<T> {
  return {
    specversion: "1.0",
    id,
    type,
    source: SOURCE,
    time: time.toISOString(),
    datacontenttype: "application/json",
    dataschema: `urn:goals:schema:${type}:${VERSIONS[type] ?? 1}`,
    data,
  };
}
