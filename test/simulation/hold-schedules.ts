import { afterAll, beforeAll, expect, test } from "vitest";
import type { FileKind } from "./kinds.ts";
import type { Played } from "./schedule.ts";
import { SharedFile } from "./shared-file.ts";
import { shrink } from "./shrink.ts";

export interface Held<P> {
  /** As `npm run simulate -- --kind` has it. */
  readonly name: string;
  readonly kind: FileKind<P>;
  /** Schedules that once failed, as small as they came, and what was mended. Seeds alone would mean others one day. */
  readonly found: readonly (readonly [mended: string, plan: P])[];
  /** So many new ones. */
  readonly count: number;
}

/** Tests that schedules hold: those that were found, new ones each time, and that the same seed gives the same. */
export function holdSchedules<P extends { readonly seed: number }>({ name, kind, found, count }: Held<P>): void {
  const { planOf, smaller, play } = kind;
  let file: SharedFile;
  beforeAll(async () => {
    file = await SharedFile.prepared();
  });
  afterAll(() => {
    for (const { base } of file.disks) {
      base.close();
    }
  });

  /** What a plan violates, with the least plan that still does. */
  async function violation(plan: P): Promise<string | null> {
    const played = await play(file, plan);
    if (played.violation === null) {
      return null;
    }
    const least = await shrink(plan, smaller, async (less) => (await play(file, less)).violation !== null);
    return `npm run simulate -- --kind ${name} --seed ${plan.seed}: ${played.violation}\nleast: ${JSON.stringify(least)}`;
  }

  test.for(found)("%s", async ([, plan]) => {
    expect(await violation(plan)).toBeNull();
  });

  test(`new schedules of the kind ${name} hold, whatever their seeds`, async () => {
    const from = Math.floor(Date.now() / 1000) * 10_000;
    process.stdout.write(`simulated ${name}: seeds ${from} to ${from + count - 1}\n`);
    for (let seed = from; seed < from + count; seed++) {
      expect(await violation(planOf(seed))).toBeNull();
    }
  });

  test("a schedule played twice is the same, event by event", async () => {
    for (let seed = 0; seed < 15; seed++) {
      const lines: string[][] = [[], []];
      const played: Played[] = [];
      for (const told of lines) {
        played.push(await play(file, planOf(seed), { trace: (line) => told.push(line) }));
      }
      expect(lines[1]).toEqual(lines[0]);
      expect(played[1]).toEqual(played[0]);
    }
  });
}
