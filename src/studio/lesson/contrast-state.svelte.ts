import type { Contrast } from "../../experiments/lesson.ts";
import type { Experiment } from "../../runs/experiment.ts";
import { Session } from "../state/session.svelte.ts";
import type { Studio } from "../state/studio.svelte.ts";

/** Two runs side by side in the figure's place, while a reader compares them. */
export interface ContrastState {
  readonly contrast: Contrast;
  readonly sides: readonly [Session, Session];
  /** Ends what of them still runs: nobody looks any longer. */
  stop(): void;
}

/** Opens both sides on the book's settings and runs them, the left one first: they share the machine. */
export function openContrast(experiment: Experiment, contrast: Contrast, studio: Studio): ContrastState {
  const sides = contrast.sides.map(({ set }) => {
    const side = new Session(experiment, () => studio.engine);
    // A reload shows the page's own run again.
    side.goesBy = "contrast";
    side.setMany(set);
    return side;
  }) as [Session, Session];
  let stopped = false;
  void sides[0].run().then(() => (stopped ? undefined : sides[1].run()));
  const stop = () => {
    stopped = true;
    for (const side of sides) {
      void side.stop();
    }
  };
  return { contrast, sides, stop };
}
