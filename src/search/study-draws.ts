import { RandomStream } from "../core/random.ts";
import type { Direction, SearchSpace, TrialRecord } from "../core/trial.ts";
import type { Json, Sampled } from "../store/studies/study-store.ts";
import { type ChosenPoint, chosenAttribute, chosenOf } from "./chosen-point.ts";
import type { Pruner } from "./pruner.ts";
import type { Sampler, TrialSampler } from "./sampler.ts";
import { trialStream } from "./streams.ts";
import { drawAll } from "./trial-run.ts";

export interface StudyDrawsOptions {
  readonly study: { readonly name: string; readonly direction: Direction; readonly seed: number };
  readonly sampler: Sampler;
  /** It may keep trials apart, as Hyperband does. */
  readonly pruner?: Pruner;
  /** The whole space where it is known beforehand. */
  readonly space?: SearchSpace;
  /** As in `StudyOptions`; `trial` unless told. */
  readonly stream?: "trial" | "optuna";
}

/** Where a study's hyper-parameters are drawn from: its sampler, and the streams of random numbers that it uses. */
export class StudyDraws {
  private readonly options: StudyDrawsOptions;
  /** The one stream of all trials, where there is one. */
  private readonly streams: { readonly random: RandomStream; readonly startup: RandomStream } | undefined;

  constructor(options: StudyDrawsOptions) {
    this.options = options;
    const { seed } = options.study;
    if (options.stream === "optuna") {
      this.streams = { random: RandomStream.seeded(seed), startup: RandomStream.seeded(seed) };
    }
  }

  /** Whether trials must follow one another, because they draw from one stream. */
  get oneAtATime(): boolean {
    return this.streams !== undefined;
  }

  /** @param finished the trials that the sampler may learn from */
  begin(number: number, finished: readonly TrialRecord[]): TrialSampler {
    const { study, sampler, pruner } = this.options;
    // Whoever does not learn from them need not have them in order: that would cost more with each trial.
    const trials = sampler.learns ? byNumber(finished) : [];
    const { random, startup } = this.streams ?? oneStream(trialStream(study.seed, number, "sampler"));
    return sampler.begin({
      direction: study.direction,
      number,
      trials: pruner?.peers?.(study.name, number, trials) ?? trials,
      random,
      startup,
    });
  }

  /** What is drawn as a trial begins: the whole space where it is known. @param seen how many trials had finished */
  sampled(sampler: TrialSampler, { seen, chosen }: { readonly seen: number; readonly chosen: ChosenPoint }): Sampled {
    const { space = {} } = this.options;
    return {
      params: drawAll(sampler, space, chosen),
      distributions: space,
      attributes: {
        ...(sampler.attributes as Record<string, Json>),
        seen,
        ...(Object.keys(chosen).length > 0 ? { [chosenAttribute]: chosen } : {}),
      },
    };
  }

  /** Moves the one stream to where the trials that have ended left it, by drawing them again. */
  replay(finished: readonly TrialRecord[]): void {
    if (this.oneAtATime) {
      const trials = byNumber(finished);
      for (const [i, trial] of trials.entries()) {
        drawAll(this.begin(trial.number, trials.slice(0, i)), trial.distributions, chosenOf(trial.attributes));
      }
    }
  }
}

export function byNumber(trials: readonly TrialRecord[]): TrialRecord[] {
  return trials.toSorted((a, b) => a.number - b.number);
}

function oneStream(random: RandomStream): { random: RandomStream; startup: RandomStream } {
  return { random, startup: random };
}
