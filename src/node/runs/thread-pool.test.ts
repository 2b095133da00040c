import { expect, test } from "vitest";
import { RunControl } from "./control.ts";
import { openPooledRunner, ThreadPool } from "./thread-pool.ts";

test("a thread that is told to end is given to nobody, whatever it still says", async () => {
  const pool = new ThreadPool(1);
  const asked = { settings: { iterations: 3 }, seed: 0 };
  const plan = (control = new RunControl()) => pool.plan("optimizer-paths", asked, control);
  const whole = await plan();
  const control = new RunControl();
  const first = plan(control);
  const second = plan();
  // The thread answers, and is told to end before its answer is heard.
  const until = performance.now() + 200;
  while (performance.now() < until) {
    // Nothing is heard meanwhile.
  }
  control.stop();
  await first.catch(() => {});
  expect(await second).toEqual(whole);
  await pool.close();
});

test("a run that nobody hears any longer gives its thread back", async () => {
  const pool = new ThreadPool(1);
  const plan = () => pool.plan("optimizer-paths", { settings: { iterations: 30 }, seed: 0 }, new RunControl());
  const slow = new RunControl();
  slow.slowTo(0.01);
  const runner = openPooledRunner(pool, { backend: "reference", dtype: "float64", workers: 1 }, [], slow);
  for await (const _ of runner.run("optimizer-paths", await plan(), new AbortController().signal)) {
    break;
  }
  expect(await plan()).toHaveLength(4);
  await pool.close();
}, 20_000);
