import { expect, onTestFinished, test, vi } from "vitest";
import type { TrialRecord } from "../../core/trial.ts";
import type { StudyStore } from "../../store/studies/study-store.ts";
import { StudyStreams } from "./feed.ts";

test("who begins to watch while another's read is under way hears of what changed after that read", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const trial = { number: 7, state: "complete", value: 0.5, intermediate: [] } as unknown as TrialRecord;
  let revision = 5;
  const slow: (() => void)[] = [];
  const reads: number[] = [];
  const store = {
    async trials(_: number, { since = 0 } = {}) {
      const found = { revision, trials: since < 6 && revision >= 6 ? [trial] : [] };
      reads.push(since);
      // The second read is long in coming.
      await (reads.length === 2 ? new Promise<void>((resolve) => slow.push(resolve)) : undefined);
      return found;
    },
  } as unknown as StudyStore;
  const streams = new StudyStreams(store);
  const watch = () => {
    const stop = new AbortController();
    const heard: string[] = [];
    void (async () => {
      for await (const frame of streams.of(1, 5, stop.signal)) {
        heard.push(frame === null ? "" : new TextDecoder().decode(frame));
      }
    })();
    return { heard: () => heard.join(""), stop };
  };
  const first = watch();
  await vi.advanceTimersByTimeAsync(100);
  const second = watch();
  revision = 6;
  await vi.advanceTimersByTimeAsync(500);
  expect(first.heard()).toContain('"number":7');
  const third = watch();
  for (const resolve of slow) {
    resolve();
  }
  await vi.advanceTimersByTimeAsync(1000);
  expect(second.heard()).toContain('"number":7');
  expect(third.heard()).toContain('"number":7');
  for (const { stop } of [first, second, third]) {
    stop.abort();
  }
  await vi.advanceTimersByTimeAsync(1000);
});
