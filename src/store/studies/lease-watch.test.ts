import { expect, test } from "vitest";
import { LeaseWatch } from "./lease-watch.ts";

const leaseMs = 30_000;
const hour = 3_600_000;

/** A watcher, a clock that may be set, and a count that may not. */
function watcher(alive: (worker: string) => boolean | "elsewhere" | undefined = () => "elsewhere") {
  let [clock, count] = [1_800_000_000_000, 5];
  const watch = new LeaseWatch({ monotonic: () => count, alive });
  const row = { number: 3, attempt: 1, lost: 0, worker: "host:1:ab", lease_until: (clock + leaseMs) as number | null };
  return {
    row,
    pass(ms: number) {
      clock += ms;
      count += ms;
    },
    set(ms: number) {
      clock += ms;
    },
    prolong() {
      row.lease_until = clock + leaseMs;
    },
    expired: () => watch.expired(1, [{ ...row }], clock, leaseMs).length === 1,
  };
}

test("a lease that is not prolonged runs out when its time is over", () => {
  const { pass, expired } = watcher();
  expect(expired()).toBe(false);
  pass(leaseMs);
  expect(expired()).toBe(false);
  pass(1);
  expect(expired()).toBe(true);
});

test("a lease that is prolonged never runs out", () => {
  const { pass, prolong, expired } = watcher();
  for (let i = 0; i < 20; i++) {
    expect(expired()).toBe(false);
    pass(leaseMs / 3);
    prolong();
  }
});

test("a clock set back by an hour holds up a dead worker's trial for two leases, no longer", () => {
  const { pass, set, expired } = watcher();
  set(-hour);
  expect(expired()).toBe(false);
  pass(2 * leaseMs);
  expect(expired()).toBe(false);
  pass(1);
  expect(expired()).toBe(true);
});

test("a clock set back while a lease is watched changes nothing", () => {
  const { pass, set, expired } = watcher();
  expect(expired()).toBe(false);
  pass(leaseMs / 2);
  set(-hour);
  expect(expired()).toBe(false);
  pass(leaseMs / 2 + 1);
  expect(expired()).toBe(true);
});

test("a clock set forward takes no trial from a worker that goes on, watched before or not", () => {
  for (const watched of [true, false]) {
    const { pass, set, prolong, expired } = watcher();
    if (watched) {
      expect(expired()).toBe(false);
    }
    set(hour);
    expect(expired()).toBe(false);
    pass(leaseMs / 3);
    expect(expired()).toBe(false);
    prolong();
    for (let i = 0; i < 6; i++) {
      expect(expired()).toBe(false);
      pass(leaseMs / 3);
      prolong();
    }
  }
});

test("a clock set forward by most of a lease takes no trial from a worker that goes on", () => {
  const { pass, set, prolong, expired } = watcher();
  set(leaseMs - 1000);
  expect(expired()).toBe(false);
  pass(leaseMs / 3);
  expect(expired()).toBe(false);
  prolong();
  pass(leaseMs / 3);
  expect(expired()).toBe(false);
});

test("a lease that ran out before it was watched: half a lease for a worker that may live, none for one that is gone", () => {
  for (const alive of [true, "elsewhere", false, undefined] as const) {
    const { pass, expired } = watcher(() => alive);
    pass(leaseMs + 1);
    const mayLive = alive === true || alive === "elsewhere";
    expect(expired()).toBe(!mayLive);
    pass(leaseMs / 2);
    expect(expired()).toBe(true);
  }
});

test("another attempt begins to be watched anew", () => {
  const { row, pass, expired } = watcher();
  expect(expired()).toBe(false);
  pass(leaseMs - 1);
  Object.assign(row, { attempt: 2, lease_until: (row.lease_until ?? 0) + leaseMs - 1 });
  expect(expired()).toBe(false);
  pass(leaseMs);
  expect(expired()).toBe(false);
});
