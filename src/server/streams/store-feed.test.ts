import { expect, test } from "vitest";
import { StoreFeed } from "./store-feed.ts";
import type { StreamSources } from "./store-watch.ts";

test("a run that was gone on with and whose process died again is told of again, as it is now", () => {
  let total = 1;
  const run = () => ({ id: "a", seconds: { total } });
  const store = { abandoned: (origin: string) => (origin === "server" ? [run()] : []), summary: run };
  const feed = new StoreFeed({ store, hub: { live: () => null } } as unknown as StreamSources);
  const told = (count: number, now: number) => {
    const dead = feed.deadAfter(count, 1, now);
    return [dead.count, ...dead.frames.map((frame) => /"total":(\d)/.exec(new TextDecoder().decode(frame))?.[1])];
  };
  expect(told(0, 0)).toEqual([1, "1"]);
  expect(told(1, 5000)).toEqual([1]);
  total = 2;
  expect(told(1, 10_000)).toEqual([2, "2"]);
});
