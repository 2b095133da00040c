import { DataError } from "../../core/errors.ts";
import type { Told } from "../../core/text.ts";
import { ownTimers, type Timers } from "../../core/timers.ts";
import type { ErrorBody, ServerInfo } from "../../server/api.ts";

/** Milliseconds that an answer may take: the server itself waits a minute for a store that another process holds. */
const patience = 90_000;

/** The server asked does not answer; trying again later may help. */
export class UnreachableError extends DataError {
  override name = "UnreachableError";
}

/** The server refused what was asked. */
export class RefusedError extends DataError {
  override name = "RefusedError";
  readonly kind: ErrorBody["error"]["kind"];

  /** @param message what the server said, or what its answer means in both languages */
  constructor(kind: ErrorBody["error"]["kind"], message: string | Told) {
    super(typeof message === "string" ? { en: message, ja: `サーバーの応答: ${message}` } : message);
    this.kind = kind;
  }
}

/** Asks the studio's server (docs/studio-server.md). */
export interface ServerClient {
  /** Address of the API, with a slash at its end. */
  readonly base: string;
  readonly fetch: typeof fetch;
  readonly timers: Pick<Timers, "after">;
  /**
   * Asks for JSON; null where the answer has none.
   * @param path below `base` @param body sent as JSON
   * @throws UnreachableError, RefusedError
   */
  ask<T>(method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<T>;
}

/** The API of the server that gave this page, or null when it is served as plain files. */
export function apiOf(page: Document): string | null {
  const told = page.querySelector('meta[name="tanren-server"]')?.getAttribute("content");
  return told == null ? null : new URL(told, page.baseURI).href;
}

export function openServerClient(
  base: string,
  fetcher: typeof fetch = globalThis.fetch.bind(globalThis),
  timers: Pick<Timers, "after"> = ownTimers,
): ServerClient {
  return {
    base,
    fetch: fetcher,
    timers,
    async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
      const headers = body === undefined ? undefined : { "content-type": "application/json" };
      let answer: Response;
      let text: string;
      const late = new AbortController();
      const callOff = timers.after(patience, () => late.abort());
      try {
        answer = await fetcher(`${base}${path}`, {
          method,
          headers,
          body: body === undefined ? undefined : JSON.stringify(body),
          signal: late.signal,
        });
        text = await answer.text();
      } catch (error) {
        throw unreachable(error);
      } finally {
        callOff();
      }
      if (!answer.ok) {
        throw refusal(answer.status, text);
      }
      try {
        return text === "" ? (null as T) : (JSON.parse(text) as T);
      } catch (error) {
        throw unreachable(error);
      }
    },
  };
}

/** What the server offers. */
export function serverInfo(client: ServerClient): Promise<ServerInfo> {
  return client.ask("GET", "info");
}

export function unreachable(cause?: unknown): UnreachableError {
  return new UnreachableError(
    {
      en: "The studio's server does not answer; trying again. Is “tanren studio” still running?",
      ja: "スタジオのサーバーから応答がないため、再試行しています。tanren studio が動いているか確認してください。",
    },
    { cause },
  );
}

/** What an answer that is no success means. */
export function refusal(status: number, text: string): DataError {
  if (status === 401) {
    return new RefusedError("refused", {
      en: "The studio's server asks for its token. Open the whole address that tanren studio printed.",
      ja: "スタジオのサーバーがトークンを求めています。tanren studio が表示したアドレス全体を開いてください。",
    });
  }
  try {
    const { error } = JSON.parse(text) as ErrorBody;
    return new RefusedError(error.kind, typeof error.text === "object" ? error.text : error.message);
  } catch {
    // Something between here and the server answered.
    return status >= 500 ? unreachable() : new RefusedError("fault", `server: must answer with JSON, got ${status}.`);
  }
}
