import { plainJson } from "../core/plain-json.ts";

/** What an objective may leave for a later attempt at its trial: bytes, or anything that is plain JSON. */
export type CheckpointState = Uint8Array | { readonly [key: string]: unknown } | readonly unknown[] | number | string;

/** The first byte says which it is. */
const kinds = { bytes: 0, json: 1 } as const;

/** @throws HyperError when it is neither bytes nor plain JSON */
export function encodeCheckpoint(state: CheckpointState): Uint8Array {
  if (state instanceof Uint8Array) {
    return joined(kinds.bytes, state);
  }
  const plain = plainJson(state, "checkpoint");
  return joined(kinds.json, new TextEncoder().encode(JSON.stringify(plain)));
}

/** The state that was encoded. */
export function decodeCheckpoint(bytes: Uint8Array): CheckpointState {
  const content = bytes.slice(1);
  return bytes[0] === kinds.json ? JSON.parse(new TextDecoder().decode(content)) : content;
}

function joined(kind: number, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(content.length + 1);
  bytes[0] = kind;
  bytes.set(content, 1);
  return bytes;
}
