import type { Chance } from "./chance.ts";
import type { FileHandle, SharedFile, Trouble } from "./shared-file.ts";
import type { World } from "./world.ts";

/** What happens to the file of a run's record, to the clock, or to a transaction of the process that writes it. */
export type StoreFault =
  /** Another program holds the file. */
  | { readonly kind: "lock"; readonly ms: number }
  | { readonly kind: "full"; readonly ms: number }
  /** The machine's clock is set. */
  | { readonly kind: "clock"; readonly by: number }
  | { readonly kind: "trouble"; readonly trouble: Trouble };

export function storeFaultOf(chance: Chance): StoreFault {
  switch (chance.int(0, 4)) {
    case 0:
      return { kind: "lock", ms: chance.pick([50, 700, 20_000, 70_000]) };
    case 1:
      return { kind: "full", ms: chance.pick([50, 700, 5000]) };
    case 2:
      return { kind: "clock", by: chance.int(-12, 12) * 3_600_000 };
    default:
      return { kind: "trouble", trouble: troubleOf(chance) };
  }
}

export function troubleOf(chance: Chance): Trouble {
  const at = chance.int(0, 9);
  return chance.pick<Trouble>([
    { kind: "unknown" },
    { kind: "unknown" },
    { kind: "dies", at },
    { kind: "dies", at },
    { kind: "fails", at, how: "disk" },
    { kind: "fails", at, how: "full" },
  ]);
}

/** @param handle whose next transaction has trouble */
export function strikeStore(fault: StoreFault, world: World, file: SharedFile, handle: FileHandle | undefined): void {
  switch (fault.kind) {
    case "lock":
      file.lockedUntil = world.now + fault.ms;
      return;
    case "full":
      file.fullUntil = world.now + fault.ms;
      return;
    case "clock":
      world.clockOffset += fault.by;
      return;
    case "trouble":
      if (handle !== undefined) {
        handle.trouble = fault.trouble;
      }
  }
}
