import { expect, test } from "vitest";
import type { ErrorBody } from "../../src/server/api.ts";
import { runInfo } from "../support/run-info.ts";
import { openServer } from "./support.ts";

const japanese = /[\p{sc=Hiragana}\p{sc=Katakana}]/u;

test("whatever a request is refused for is said in both languages", async () => {
  const server = await openServer({ token: "a-token-that-is-long-enough" });
  const auth = { authorization: "Bearer a-token-that-is-long-enough" };
  const base = `http://127.0.0.1:${server.port}`;
  const json = { ...auth, "content-type": "application/json", origin: base };
  const post = (path: string, body: BodyInit, headers: Record<string, string> = json) =>
    server.ask(path, { method: "POST", headers, body });
  const run = { experiment: "optimizer-paths", settings: { iterations: 3 } };
  const { id } = (await (await post("/api/runs", JSON.stringify(run))).json()) as { id: string };
  const recording = (body: object) => post("/api/recordings", JSON.stringify(body));
  const { id: recorded } = (await (await recording({ info: runInfo() })).json()) as { id: string };

  const refused: readonly (readonly [what: string, answer: Promise<Response>])[] = [
    ["no token", server.ask("/api/runs")],
    ["another site", server.ask("/api/runs", { headers: { ...auth, origin: "https://elsewhere.example" } })],
    ["an unknown path", server.ask("/api/nothing", { headers: auth })],
    ["an unknown page", server.ask("/nothing.html", { headers: auth })],
    ["an unknown run", server.ask("/api/runs/nothing", { headers: auth })],
    ["an unknown study", server.ask("/api/studies/nothing", { headers: auth })],
    ["an unknown chunk", server.ask(`/api/runs/${id}/events?from=x`, { headers: auth })],
    ["an unknown figure", server.ask(`/api/runs/${id}/figure.svg?figure=zzz`, { headers: auth })],
    ["a limit out of range", server.ask("/api/runs?limit=-1", { headers: auth })],
    ["a limit that is no number", server.ask("/api/runs?limit=many", { headers: auth })],
    ["an unknown language", server.ask(`/api/runs/${id}/figure.svg?lang=fr`, { headers: auth })],
    ["no JSON", post("/api/runs", "{")],
    ["another content type", post("/api/runs", "{}", { ...json, "content-type": "text/plain" })],
    ["other bytes than UTF-8", post("/api/runs", Uint8Array.of(0xff, 0xfe))],
    ["JSON nested deep", post("/api/runs", `${"[".repeat(40)}${"]".repeat(40)}`)],
    ["a body of the wrong kind", post("/api/runs", "[]")],
    ["a missing field", post("/api/runs", "{}")],
    ["an unknown experiment", post("/api/runs", '{"experiment":"dropuot"}')],
    ["an unknown preset", post("/api/runs", '{"experiment":"dropout","preset":"bok"}')],
    ["an unknown setting", post("/api/runs", '{"experiment":"dropout","settings":{"lrr":1}}')],
    ["a negative seed", post("/api/runs", '{"experiment":"dropout","seed":-1}')],
    ["a step of a run that waits for none", post(`/api/runs/${recorded}/step`, '{"iterations":1}')],
    ["a recording of a name that is there", recording({ info: runInfo(), id: recorded })],
    [
      "events out of turn",
      post(`/api/recordings/${recorded}/events`, '{"number":7,"events":[{"task":0,"event":{"kind":"ended"}}]}'),
    ],
    ["events of a run of another kind", post(`/api/recordings/${id}/events`, '{"number":1,"events":[]}')],
    ["a run that goes on to be deleted", server.ask(`/api/runs/${recorded}`, { method: "DELETE", headers: json })],
  ];
  const bad: unknown[] = [];
  for (const [what, answer] of refused) {
    const { status } = await answer;
    const { error } = (await (await answer).json()) as ErrorBody;
    const { message, text } = error ?? {};
    const both = text?.en === message && japanese.test(text?.ja ?? "") && !japanese.test(text?.en ?? "");
    if (status < 400 || status >= 500 || !both) {
      bad.push({ what, status, error });
    }
  }
  expect(bad).toEqual([]);
});
