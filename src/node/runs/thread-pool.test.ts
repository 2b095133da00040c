import { expect, test } from "vitest";
import { RunControl } from "./control.ts";
import { ThreadPool } from "./thread-pool.ts";

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
