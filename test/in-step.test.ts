import { afterAll, expect, test } from "vitest";
import type { HyperValue } from "../src/core/hyper.ts";
import { Recorder, type RunEvent } from "../src/core/record.ts";
import { experimentNamed } from "../src/experiments/registry.ts";
import { RunControl } from "../src/node/runs/control.ts";
import { openPooledRunner, ThreadPool } from "../src/node/runs/thread-pool.ts";
import type { Settings } from "../src/runs/experiment.ts";
import { few } from "./support/few.ts";
import { largestLead } from "./support/largest-lead.ts";
import { mnist } from "./support/mnist.ts";

const digits = await mnist();
const pools = new Map([1, 2, 3].map((threads) => [threads, new ThreadPool(threads)]));
const never = new AbortController().signal;

afterAll(async () => {
  await Promise.all([...pools.values()].map((pool) => pool.close()));
});

interface Wanted {
  readonly id: string;
  readonly set?: Readonly<Record<string, HyperValue | undefined>>;
  readonly threads?: number;
  readonly workers?: number;
  readonly control?: RunControl;
}

function tasksOf({ id, set = {} }: Wanted) {
  return experimentNamed(id).plan({ trainRows: 300, hiddenSizes: [20, 10], ...set } as Settings, 5);
}

async function eventsOf(wanted: Wanted, hear = (_event: RunEvent) => {}): Promise<RunEvent[]> {
  const { id, threads = 2, workers = threads, control } = wanted;
  const options = { backend: "auto", dtype: "float32", workers } as const;
  const runner = openPooledRunner(pools.get(threads)!, options, [digits], control);
  const events: RunEvent[] = [];
  for await (const event of runner.run(id, tasksOf(wanted), never)) {
    events.push(event);
    hear(event);
  }
  return events;
}

function seriesOf(events: readonly RunEvent[]) {
  const recorder = new Recorder();
  for (const event of events) {
    recorder.add(event);
  }
  return recorder.recorded().series;
}

const all = ["SGD", "Momentum", "AdaGrad", "Adam"];
const cases = [1, 2, 3].flatMap((threads) =>
  [
    { id: "optimizer-comparison", set: { optimizers: all, iterations: 200 }, tasks: 4 },
    { id: "init-comparison", set: { iterations: 200 }, tasks: 3 },
    { id: "dropout", set: { iterations: 200, accuracyEvery: 100 }, tasks: 2 },
  ].map((one) => ({ threads, ...one })),
);

test.each(few(4, cases))(
  "the runs of $id on $threads threads are never more than 5% of the iterations apart",
  async (one) => {
    const events = await eventsOf(one);
    const lead = largestLead(events, one.tasks, one.set.iterations);
    expect(lead).toBeGreaterThan(0);
    expect(lead).toBeLessThanOrEqual(0.05);
    expect(events.filter(({ event }) => event.kind === "ended")).toHaveLength(one.tasks);
  },
);

test("a run with a net four times as slow is kept in step too", async () => {
  const set = { optimizers: ["SGD", "Adam"], iterations: 300, hiddenSizes: [20] };
  const [fast, slow] = tasksOf({ id: "optimizer-comparison", set });
  const network = { ...(slow.network as object), hiddenSizes: [150, 150] };
  const options = { backend: "auto", dtype: "float32", workers: 2 } as const;
  const runner = openPooledRunner(pools.get(2)!, options, [digits]);
  const events: RunEvent[] = [];
  for await (const event of runner.run("optimizer-comparison", [fast, { ...slow, network }], never)) {
    events.push(event);
  }
  expect(largestLead(events, 2, 300)).toBeLessThanOrEqual(0.05);
});

test("a hundred trials are not all under way at once", async () => {
  const under = new Set<number>();
  let most = 0;
  // So long that each is still under way when the other thread tells of its own.
  await eventsOf({ id: "hyperparameter-search", set: { trials: 12, epochs: 600 } }, ({ task, event }) => {
    if (event.kind === "ended") {
      under.delete(task);
    } else {
      under.add(task);
    }
    most = Math.max(most, under.size);
  });
  expect(most).toBe(2);
});

test("runs that share threads all come to their end, in step or not, with the numbers they have alone", async () => {
  const wanted: Wanted[] = [
    { id: "batchnorm-scales", set: { iterations: 40, scales: 5 } },
    { id: "optimizer-comparison", set: { iterations: 100 } },
    // Asks for more than there are.
    { id: "optimizer-comparison", set: { iterations: 100, optimizers: ["SGD", "Adam", "Momentum"] }, workers: 3 },
    { id: "init-comparison", set: { iterations: 60 } },
  ];
  const together = await Promise.all(wanted.map((one) => eventsOf(one)));
  for (const [i, one] of wanted.entries()) {
    expect(seriesOf(together[i])).toEqual(seriesOf(await eventsOf({ ...one, threads: 1 })));
  }
});

test("a held run in step makes the iterations that are stepped, each task as many, and goes on", async () => {
  const control = new RunControl();
  const done = [0, 0, 0, 0];
  const seen: number[][] = [];
  /** Waits until all tasks have told of so many iterations, and then whether more come. */
  const settled = async (least: number) => {
    for (let still = 0, last = -1; still < 8; ) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const sum = done.reduce((a, b) => a + b);
      still = sum === last && sum >= least ? still + 1 : 0;
      last = sum;
    }
    return [...done];
  };
  const hold = async () => {
    control.pause();
    seen.push(await settled(0));
    control.step(7);
    seen.push(await settled(seen[0].reduce((a, b) => a + b + 7, 0)));
    control.resume();
  };
  let holding: Promise<void> | undefined;
  const events = await eventsOf(
    { id: "optimizer-comparison", set: { optimizers: all, iterations: 200 }, control },
    ({ task, event }) => {
      if (event.kind === "progress") {
        done[task] = event.done;
        if (Math.min(...done) >= 20) {
          holding ??= hold();
        }
      }
    },
  );
  await holding;
  expect(seen[1]).toEqual(seen[0].map((count) => count + 7));
  expect(largestLead(events, 4, 200)).toBeLessThanOrEqual(0.05);
});
