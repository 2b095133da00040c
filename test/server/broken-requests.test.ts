import { connect } from "node:net";
import fc from "fast-check";
import { afterEach, beforeEach, expect, type MockInstance, test, vi } from "vitest";
import { type Opened, openServer } from "./support.ts";

let console: MockInstance[];
beforeEach(() => {
  console = (["error", "warn", "log"] as const).map((name) => vi.spyOn(globalThis.console, name));
});
afterEach(() => vi.restoreAllMocks());

function expectSilence(server: Opened): void {
  expect(server.lines).toEqual([]);
  expect(console.flatMap(({ mock }) => mock.calls)).toEqual([]);
}

/** Sends exactly these bytes; what came back until the server or `abort` closed. */
function exchange(port: number, bytes: Buffer | string, abort = false): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(bytes, () => {
        if (abort) {
          setTimeout(() => socket.destroy(), 20);
        }
      });
    });
    socket.setEncoding("latin1").on("data", (part) => {
      text += part;
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(text));
  });
}

const head = (port: number, line: string, more: string[] = []) =>
  [line, `Host: 127.0.0.1:${port}`, "Connection: close", ...more, "", ""].join("\r\n");
const json = "Content-Type: application/json";

/** Status and sentence of an answer of the API. */
function answerOf(text: string): { status: number; body: string } {
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]), body: text.slice(text.indexOf("\r\n\r\n") + 4) };
}

test("uploads that are cut off leave no word on the console", async () => {
  const server = await openServer();
  const { port } = server;
  for (const path of ["/api/runs", "/api/recordings", "/api/studies/x/resume"]) {
    for (const framing of ["Content-Length: 5000", "Transfer-Encoding: chunked"]) {
      for (const begun of ["", '{"experiment":', framing.startsWith("T") ? "ff\r\n{" : "{"]) {
        await exchange(port, head(port, `POST ${path} HTTP/1.1`, [json, framing]) + begun, true);
      }
    }
  }
  const { id } = await server.start({ experiment: "optimizer-paths", settings: { iterations: 3 } });
  await exchange(port, head(port, `GET /api/runs/${id}/events HTTP/1.1`), true);
  await exchange(port, head(port, `GET /api/events HTTP/1.1`), true);
  expect((await server.ask("/api/info")).status).toBe(200);
  expectSilence(server);
});

test.each([
  ["bytes that are no UTF-8", Buffer.from([0x22, 0xff, 0xfe, 0x22]), /UTF-8/],
  ["half a character", Buffer.from([0x22, 0xe3, 0x81, 0x22]), /UTF-8/],
  ["brackets without end", Buffer.from("[".repeat(60_000)), /JSON|deep/],
  ["arrays in arrays", Buffer.from("[".repeat(30_000) + "]".repeat(30_000)), /at most 32 deep/],
  ["objects in objects", Buffer.from(`${'{"a":'.repeat(9000)}1${"}".repeat(9000)}`), /at most 32 deep/],
  ["NUL", Buffer.from("\0"), /JSON/],
  ["a number that is none", Buffer.from('{"seed": 1e}'), /JSON/],
])("a body of %s is refused in a sentence", async (_, body, says) => {
  const server = await openServer();
  const lines = [json, `Content-Length: ${body.length}`];
  for (const path of ["/api/runs", "/api/recordings", "/api/recordings/20261124-053012-3f2a/events"]) {
    const request = Buffer.concat([Buffer.from(head(server.port, `POST ${path} HTTP/1.1`, lines)), body]);
    const { status, body: text } = answerOf(await exchange(server.port, request));
    expect([path, status]).toEqual([path, 400]);
    expect(text).toMatch(says);
    expect(text).not.toMatch(/\bat \w+ \(|node_modules|\/src\//);
  }
  expectSilence(server);
});

test("a name with signs that command a terminal, or with NUL, is refused; other names are kept as they are", async () => {
  const server = await openServer();
  const { id } = await server.start({ experiment: "optimizer-paths", settings: { iterations: 3 } });
  for (const label of ["a\0b", "\u001b[31mred", "two\nlines", "\u0085", "\u007f"]) {
    const answer = await server.send("PATCH", `/api/runs/${id}`, { label });
    expect([label, answer.status]).toEqual([label, 400]);
    expect(await answer.text()).toMatch(/label: .*control/);
  }
  for (const label of ["学習率 0.1", "a/b:c?<d>", "💥", "'; drop table runs"]) {
    const answer = await server.send("PATCH", `/api/runs/${id}`, { label });
    expect(await answer.json()).toMatchObject({ label });
  }
  for (const query of [
    "experiment=%00",
    "experiment=%ff",
    "status=%00",
    `experiment=${"x".repeat(5000)}`,
    "limit=%00",
  ]) {
    const { status } = await server.ask(`/api/runs?${query}`);
    expect([query, status === 200 || status === 400]).toEqual([query, true]);
  }
  expectSilence(server);
});

test("whatever bytes stand where a path, a query, a header or a body should be, the server answers and stays silent", async () => {
  const server = await openServer();
  const { port } = server;
  const bytes = fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array));
  const piece = fc.oneof(
    bytes,
    fc
      .array(
        fc.constantFrom(
          "/api/",
          "runs",
          "studies",
          "%00",
          "%ff",
          "%2e%2e",
          "?",
          "=",
          "&",
          "#",
          "//",
          "\\",
          "é",
          "events",
          "[",
          "@",
          ":",
        ),
        {
          maxLength: 10,
        },
      )
      .map((parts) => Buffer.from(`/${parts.join("")}`)),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom("GET", "POST", "DELETE", "PATCH"), piece, bytes, async (method, path, body) => {
      const start = Buffer.concat([Buffer.from(`${method} `), path, Buffer.from(" HTTP/1.1\r\n")]);
      const rest = [`Host: 127.0.0.1:${port}`, json, "Connection: close", `Content-Length: ${body.length}`, "", ""];
      const text = await exchange(port, Buffer.concat([start, Buffer.from(rest.join("\r\n")), body]), true);
      if (text !== "") {
        const { status, body: said } = answerOf(text);
        expect(status).toBeGreaterThanOrEqual(200);
        expect(status).toBeLessThan(500);
        expect(said).not.toMatch(/\bat \w+ \(|node_modules|\/src\//);
      }
    }),
    { numRuns: 150 },
  );
  expect((await server.ask("/api/info")).status).toBe(200);
  expectSilence(server);
});
