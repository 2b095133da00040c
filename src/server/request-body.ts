import type { Context } from "hono";
import { Misfit, type Reader } from "../core/json-shape.ts";
import { shortened } from "../core/text.ts";
import { ApiError } from "./api-error.ts";

/** A request's body as JSON. @throws ApiError when it is too long, cut off, nested too deep, or something else */
export async function bodyOf(c: Context): Promise<unknown> {
  const type = c.req.header("content-type")?.split(";")[0].trim().toLowerCase();
  if (type !== "application/json") {
    const wrong = {
      en: "request: its content-type must be application/json, got another. Send JSON.",
      ja: "リクエストの content-type は application/json でなければなりません。JSON を送ってください。",
    };
    throw new ApiError("usage", wrong, 415);
  }
  const text = await bodyText(c);
  if (depthOf(text) > deepest) {
    throw new ApiError("usage", {
      en: `request: its JSON may nest at most ${deepest} deep, got more. Send it flatter.`,
      ja: `リクエストの JSON の入れ子は ${deepest} 段までです。浅くして送ってください。`,
    });
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError("usage", {
      en: "request: its body must be JSON, got something else. Send JSON.",
      ja: "リクエストの本文が JSON ではありません。JSON を送ってください。",
    });
  }
}

/** Brackets in each other that a request may have: what goes through the whole of it recurses. */
const deepest = 32;

async function bodyText(c: Context): Promise<string> {
  let bytes: ArrayBuffer;
  try {
    bytes = await c.req.arrayBuffer();
  } catch (error) {
    // Too long, as the limit says; or its sender has gone.
    throw error instanceof ApiError ? error : cutOff();
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ApiError("usage", {
      en: "request: its body must be UTF-8, got other bytes. Send JSON in UTF-8.",
      ja: "リクエストの本文が UTF-8 ではありません。UTF-8 の JSON を送ってください。",
    });
  }
}

/** What is said of a body that came only in part. */
export function cutOff(): ApiError {
  return new ApiError("usage", {
    en: "request: its body must come whole, got a part. Send it again.",
    ja: "リクエストの本文が途中で切れました。もう一度送ってください。",
  });
}

/** How deep the brackets of a JSON text nest. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (const [sign] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (sign === "[" || sign === "{") {
      most = Math.max(most, ++depth);
    } else if (sign === "]" || sign === "}") {
      depth--;
    }
  }
  return most;
}

/** A request as it must be. @throws ApiError that names the first part that is wrong */
export function checked<T>(read: Reader<T>, value: unknown): T {
  try {
    return read(value, "request");
  } catch (error) {
    if (!(error instanceof Misfit)) {
      throw error;
    }
    const at = shortened(error.at.replace(/^request\./, ""), 200);
    throw new ApiError("usage", {
      en: `${at}: must be ${error.must.en}, got ${error.got}. Correct it and ask again.`,
      ja: `${at}: ${error.must.ja}でなければなりません(現在は ${error.got})。直してもう一度送ってください。`,
    });
  }
}
