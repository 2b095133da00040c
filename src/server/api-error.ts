import { inLanguage, type Told } from "../core/text.ts";
import type { ErrorBody } from "./api.ts";

const statuses = { usage: 400, missing: 404, conflict: 409, refused: 403, busy: 429, fault: 500 } as const;

/** What a request is answered with when it cannot be done: a kind for programs, a sentence for people. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly kind: ErrorBody["error"]["kind"];
  readonly status: number;
  readonly text: Told;

  /** @param text the sentence  @param status HTTP's, where it is not the kind's usual one */
  constructor(kind: ErrorBody["error"]["kind"], text: Told, status: number = statuses[kind]) {
    super(inLanguage(text, "en"));
    this.kind = kind;
    this.status = status;
    this.text = text;
  }

  get response(): Response {
    const body: ErrorBody = { error: { kind: this.kind, message: this.message, text: this.text } };
    return Response.json(body, { status: this.status, headers: { "cache-control": "no-store" } });
  }
}
