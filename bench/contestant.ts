/** Something that is called again and again. */
export interface Timed {
  readonly name: string;
  step(): unknown;
}

/** One way to make the chapter's training step, ready to be called. */
export interface Contestant extends Timed {
  readonly optimizer: "sgd" | "adam";
  /** One whole step: forward, backward, update. Its loss, when it has it at no extra cost. */
  step(): number | undefined | Promise<number | undefined>;
}

/** One convolution over images with as many rows as columns. */
export interface ConvolutionShape {
  readonly side: number;
  readonly channels: number;
  readonly filters: number;
  readonly size: number;
  readonly padding: number;
}

/** Something to be timed; `passes` says how much of forward, input's and weights' gradient it makes. */
export interface ConvolutionContestant extends Timed {
  readonly passes: 1 | 3;
}

export interface Timing {
  readonly best: number;
  readonly median: number;
}

/**
 * Milliseconds a step of each contestant, from rounds taken in turn: what slows the machine for a while slows all alike.
 * Each round of each lasts about `milliseconds`.
 */
export async function inTurn<C extends Timed>(
  contestants: readonly C[],
  { rounds, milliseconds }: { rounds: number; milliseconds: number },
): Promise<Map<C, Timing>> {
  const calls = new Map<C, number>();
  const times = new Map<C, number[]>(contestants.map((contestant) => [contestant, []]));
  for (const contestant of contestants) {
    // Engines compile on the way: several calls before any is counted.
    const began = performance.now();
    let count = 0;
    while (count < 3 || performance.now() - began < 4 * milliseconds) {
      await contestant.step();
      count++;
    }
    calls.set(contestant, Math.max(1, Math.round(count / 4)));
  }
  for (let round = 0; round < rounds; round++) {
    for (const contestant of contestants) {
      const count = calls.get(contestant)!;
      const began = performance.now();
      for (let i = 0; i < count; i++) {
        const pending = contestant.step();
        if (pending instanceof Promise) {
          await pending;
        }
      }
      times.get(contestant)!.push((performance.now() - began) / count);
    }
  }
  return new Map(
    contestants.map((contestant) => {
      const sorted = times.get(contestant)!.sort((a, b) => a - b);
      return [contestant, { best: sorted[0], median: sorted[sorted.length >> 1] }];
    }),
  );
}
