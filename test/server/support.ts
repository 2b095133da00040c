import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as rawRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { RunEvent } from "../../src/core/record.ts";
import { openSqliteStore } from "../../src/node/store/sqlite-runs.ts";
import type { RunSummary, StartRequest } from "../../src/server/api.ts";
import { openStudioServer, type StudioServer, type StudioServerOptions } from "../../src/server/server.ts";
import { ended, startTanren } from "../support/cli.ts";

/** A folder with a page, gone when the test ends. */
export function studioFolder(): { home: string; pages: string; store: string } {
  const home = mkdtempSync(join(tmpdir(), "tanren-server-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const pages = join(home, "pages");
  mkdirSync(join(pages, "assets"), { recursive: true });
  writeFileSync(join(pages, "index.html"), "<!doctype html><title>Tanren</title>\n");
  writeFileSync(
    join(pages, "assets", "main-Ab3_x-9Z.js"),
    `export const words = "${"forge and train ".repeat(200)}";\n`,
  );
  return { home, pages, store: join(home, "runs.sqlite") };
}

export const clock = { now: () => Date.now(), random: () => Math.random() };

export interface Opened extends StudioServer {
  readonly lines: string[];
  readonly folder: ReturnType<typeof studioFolder>;
  /** Asks the server; the path may hold anything. */
  ask(path: string, init?: RequestInit & { readonly method?: string }): Promise<Response>;
  send(method: string, path: string, body?: unknown): Promise<Response>;
  start(request: StartRequest): Promise<RunSummary>;
  stream(path: string, headers?: Record<string, string>): SseReader;
}

/** A server on a free port with a store of its own, closed when the test ends. */
export async function openServer(options: Partial<StudioServerOptions> = {}): Promise<Opened> {
  const folder = studioFolder();
  const lines: string[] = [];
  const server = await openStudioServer({
    pages: folder.pages,
    store: openSqliteStore({ path: folder.store, ...clock }),
    port: 0,
    threads: 2,
    now: Date.now,
    log: (line) => lines.push(line),
    // What is tested elsewhere than in token.test.ts does not depend on it.
    token: null,
    ...options,
  });
  let closed = false;
  const close = async () => {
    if (!closed) {
      closed = true;
      await server.close();
    }
  };
  onTestFinished(close);
  const base = `http://127.0.0.1:${server.port}`;
  const ask = (path: string, init?: RequestInit) => fetch(`${base}${path}`, init);
  const send = (method: string, path: string, body?: unknown) =>
    ask(path, {
      method,
      headers: { "content-type": "application/json", origin: base },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  return {
    ...server,
    close,
    lines,
    folder,
    ask,
    send,
    async start(request) {
      const answer = await send("POST", "/api/runs", request);
      if (answer.status !== 201) {
        throw new Error(`${answer.status} ${await answer.text()}`);
      }
      return (await answer.json()) as RunSummary;
    },
    stream: (path, headers) => new SseReader(`${base}${path}`, headers),
  };
}

export interface Heard {
  readonly event: string;
  readonly id: number | null;
  readonly data: never;
}

/** Reads server-sent events as a browser does. */
export class SseReader {
  private readonly controller = new AbortController();
  private readonly url: string;
  private readonly headers: Record<string, string>;

  constructor(url: string, headers: Record<string, string> = {}) {
    this.url = url;
    this.headers = headers;
  }

  close(): void {
    this.controller.abort();
  }

  /** The events until the server closes or the reader does. @param slow milliseconds it sleeps after each */
  async *events(slow = 0): AsyncGenerator<Heard, void, void> {
    const answer = await fetch(this.url, { headers: this.headers, signal: this.controller.signal });
    if (!answer.ok || answer.body === null) {
      throw new Error(`${answer.status}`);
    }
    let text = "";
    try {
      for await (const bytes of answer.body.pipeThrough(new TextDecoderStream())) {
        text += bytes;
        const frames = text.split("\n\n");
        text = frames.pop() ?? "";
        for (const frame of frames) {
          const fields = new Map(
            frame.split("\n").map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]),
          );
          const event = fields.get("event");
          if (event !== undefined) {
            const id = fields.get("id");
            yield {
              event,
              id: id === undefined ? null : Number(id),
              data: JSON.parse(fields.get("data") ?? "") as never,
            };
            if (slow > 0) {
              await new Promise((resolve) => setTimeout(resolve, slow));
            }
          }
        }
      }
    } catch (error) {
      if (!this.controller.signal.aborted) {
        throw error;
      }
    } finally {
      this.controller.abort();
    }
  }

  /** The events up to and with the first that fits; an error when the stream ends before. */
  async until(fits: (heard: Heard) => boolean, slow = 0): Promise<Heard[]> {
    const all: Heard[] = [];
    for await (const heard of this.events(slow)) {
      all.push(heard);
      if (fits(heard)) {
        return all;
      }
    }
    throw new Error(`the stream ended after ${all.length} events`);
  }
}

/** `tanren studio` as a process of its own, with its store in `home`. */
export async function startStudio(home: string, options: readonly string[] = []) {
  const pages = join(home, "pages");
  mkdirSync(pages, { recursive: true });
  writeFileSync(join(pages, "index.html"), "<!doctype html><title>Tanren</title>\n");
  const child = startTanren(["studio", "--port", "0", "--pages", pages, "--threads", "2", "--no-token", ...options], {
    home,
  });
  const end = ended(child);
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on("data", (text: string) => {
      const found = /http:\/\/\S+/.exec(text);
      if (found !== null) {
        resolve(found[0].replace(/\/$/, ""));
      }
    });
    end.then(({ status, stderr }) => reject(new Error(`studio ended with ${status}: ${stderr}`)), reject);
  });
  return { child, end, url, port: Number(new URL(url).port), store: join(home, "tanren.sqlite") };
}

/** The recorded events of a stream's chunks, and their numbers. */
export function chunksOf(heard: readonly Heard[]): { numbers: number[]; events: RunEvent[] } {
  const chunks = heard.filter(({ event }) => event === "chunk");
  return { numbers: chunks.map(({ id }) => id as number), events: chunks.flatMap(({ data }) => data as RunEvent[]) };
}

/** One request with exactly these headers: fetch sets Host and normalises paths itself. */
export function raw(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
  body?: string,
): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; text: string }> {
  return new Promise((resolve, reject) => {
    const request = rawRequest({ host: "127.0.0.1", port, path, method, headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    request.setTimeout(300_000, () => request.destroy(new Error(`no answer to ${method} ${path} in 300 s`)));
    request.on("error", reject);
    request.end(body);
  });
}
