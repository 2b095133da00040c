import { expect, test } from "vitest";
import { refusal, type ServerClient } from "./client.ts";
import { openServerRunner } from "./runner.ts";
import { serverStream } from "./stream.ts";

/** A server that gives these answers one after the other, and what it was asked with. */
function clientOf(answers: readonly (() => Response)[]) {
  const asked: (string | undefined)[] = [];
  const client = {
    base: "",
    ask: async () => null,
    fetch: async (_: string, { headers }: { headers: Record<string, string> }) => {
      asked.push(headers["last-event-id"]);
      return answers[asked.length - 1]();
    },
    timers: {
      // Pauses between two tries pass at once; nobody waits for a silent connection.
      after(milliseconds: number, action: () => void) {
        const timer = milliseconds > 5000 ? undefined : setTimeout(action);
        return () => clearTimeout(timer);
      },
    },
  } as unknown as ServerClient;
  return { client, asked };
}

const frames = (...ids: number[]) => ids.map((id) => `event: chunk\nid: ${id}\ndata: [${id}]\n\n`).join("");
const refused = () => new Response('{"error":{"kind":"fault","message":"no"}}', { status: 404 });

test("a stream that breaks off goes on behind its last message, and says when it is lost and there again", async () => {
  const { client, asked } = clientOf([
    () => new Response(`${frames(1, 2)}event: chunk\nid: 3\nda`),
    () => new Response("busy", { status: 503 }),
    () => new Response(frames(3)),
    refused,
  ]);
  const heard: unknown[] = [];
  const options = {
    signal: new AbortController().signal,
    onConnection: (connected: boolean) => heard.push(connected),
  };
  const following = async () => {
    for await (const { data } of serverStream(client, "events", options)) {
      heard.push(data);
    }
  };
  await expect(following()).rejects.toThrow("no");
  expect(heard).toEqual([true, [1], [2], false, false, true, [3], false]);
  expect(asked).toEqual([undefined, "2", "2", "3"]);
});

test("who follows a run with a signal that has aborted hears nothing of it", async () => {
  const { client, asked } = clientOf([refused]);
  const run = { id: "r", settings: {}, status: "running" } as never;
  for await (const event of openServerRunner(client).follow(run, 0, AbortSignal.abort()).events) {
    expect(event).toBeUndefined();
  }
  expect(asked).toEqual([]);
  expect(refusal(401, "").message).toMatch(/asks for its token/);
});
