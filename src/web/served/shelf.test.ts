import { expect, test } from "vitest";
import type { ServerClient } from "./client.ts";
import { openServerShelf } from "./shelf.ts";
import { openServerStudies } from "./studies.ts";

function clientOf(answer: (path: string) => unknown, fetcher: unknown = undefined): ServerClient {
  return {
    base: "",
    fetch: fetcher,
    timers: { after: () => () => {} },
    ask: async (_: string, path: string) => answer(path),
  } as unknown as ServerClient;
}

test("a list of several pages goes on behind the last run of each", async () => {
  const asked: (string | null)[] = [];
  const client = clientOf((path) => {
    const before = new URLSearchParams(path.slice(path.indexOf("?"))).get("before");
    asked.push(before);
    const runs = before === null ? [{ id: "4" }, { id: "3" }] : [{ id: "2" }, { id: "1" }];
    return { runs, more: before === null };
  });
  const shelf = openServerShelf({ client, info: { store: "sqlite" } as never });
  expect((await shelf.list()).map(({ id }) => id)).toEqual(["4", "3", "2", "1"]);
  expect(asked).toEqual([null, "3"]);
});

test("a shelf is watched as long as somebody listens", async () => {
  const signals: AbortSignal[] = [];
  const fetcher = (_: string, { signal }: { signal: AbortSignal }) => {
    signals.push(signal);
    return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  };
  const shelf = openServerShelf({ client: clientOf(() => null, fetcher), info: { store: "sqlite" } as never });
  const [first, second] = [shelf.subscribe(() => {}), shelf.subscribe(() => {})];
  await new Promise((resolve) => setTimeout(resolve));
  first();
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  second();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
});

test("a study in the list has all its trials, whatever became of them", async () => {
  const counts = { running: 1, complete: 2, pruned: 3, failed: 4, waiting: 5 };
  const study = { name: "s", direction: "minimize", counts, best: null, touchedAt: 7 };
  const studies = openServerStudies(clientOf(() => ({ studies: [study] })));
  expect(await studies.list()).toEqual([
    { id: "s", name: "s", direction: "minimize", trials: 15, complete: 2, best: null, touchedAt: 7, running: true },
  ]);
});
