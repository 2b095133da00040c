import fc from "fast-check";
import { expect, test } from "vitest";
import { Lockstep } from "./lockstep.ts";

test("no member may lead the least advanced by more than 4% of its iterations, and the least advanced may always go on", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(3), { maxLength: 2000 }), fc.integer({ min: 1, max: 3000 }), (moves, total) => {
      const lockstep = new Lockstep([0, 1, 2, 3]);
      const done = [0, 0, 0, 0];
      done.forEach((_, member) => {
        lockstep.saw(member, { done: 0, total });
      });
      for (const member of moves) {
        if (done[member] < total && done[member] + 1 <= lockstep.now * total + 1e-9) {
          lockstep.saw(member, { done: ++done[member], total });
        }
        const least = Math.min(...done);
        expect(Math.max(...done) - least).toBeLessThanOrEqual(Math.max(1, 0.04 * total));
        expect(least === total || least + 1 <= lockstep.now * total + 1e-9).toBe(true);
      }
    }),
    // So many iterations that one of them is a little more than the members may lead at first.
    { numRuns: 30, examples: [[[0], 29]] },
  );
});

test("a member that ends, however far it came, is waited for no longer", () => {
  const lockstep = new Lockstep([0, 1]);
  const told: number[] = [];
  lockstep.listen((limit) => told.push(limit));
  lockstep.saw(0, { done: 3, total: 100 });
  expect(told).toEqual([]);
  lockstep.ended(1);
  expect(told).toEqual([0.06]);
  lockstep.ended(0);
  expect(lockstep.now).toBe(Number.POSITIVE_INFINITY);
});
