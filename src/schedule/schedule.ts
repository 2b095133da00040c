import { finiteNumber, wholeNumber } from "../core/checks.ts";
import { HyperError } from "../core/errors.ts";
import { type HyperSet, resolve, type ValuesOf } from "../core/hyper.ts";
import { quoted, type Text } from "../core/text.ts";
import { type Typed, typed, withDefaults } from "../core/typed.ts";

/** The run that a schedule is for. */
export interface ScheduledRun {
  /** The rate that the schedule bends: the optimizer's own `lr`. */
  readonly lr: number;
  /** Updates of the whole run. */
  readonly steps: number;
}

/** The learning rates of one run. */
export interface RateCurve {
  /** The rate of update `step`, counted from 0. */
  rate(step: number): number;
  /** Takes the mean loss of the minibatch of the step just made; only schedules that follow the loss have it. */
  observe?(loss: number): void;
  /** What the next rates depend on beside the step, and to go on from it; only schedules that have such have these. */
  saved?(): readonly number[];
  restore?(state: readonly number[]): void;
}

export interface ScheduleDefinition<S extends HyperSet = HyperSet> {
  /** camelCase, unique: `cosineRestarts` */
  readonly name: string;
  /** One sentence: the idea. */
  readonly about: Text;
  /** The rate as TeX: η of step t, η₀ the optimizer's lr, T the updates of the run. */
  readonly tex: string;
  /** Where it was published; absent where it is older than papers about it. */
  readonly paper?: string;
  readonly hyper: S;
  /** Begins a run. */
  open(values: ValuesOf<S>, run: ScheduledRun): RateCurve;
}

/** How the learning rate changes over a run, by its own hyper-parameters. */
export interface Schedule {
  readonly name: string;
  readonly about: Text;
  readonly tex: string;
  readonly paper?: string;
  readonly hyper: HyperSet;
  /**
   * Begins a run.
   * @param given values over the defaults
   * @throws HyperError on an unknown name or a value out of range
   */
  open(given: Readonly<Record<string, unknown>>, run: ScheduledRun): RateCurve;
}

/** A schedule that can be given its values: `cosine({ minLr: 1e-5 })`. */
export type TypedSchedule<S extends HyperSet> = Typed<Schedule, S, Schedule>;

/** Makes a schedule of its definition. */
export function defineSchedule<S extends HyperSet>(definition: ScheduleDefinition<S>): TypedSchedule<S> {
  return typed(scheduleOf(definition), (values) =>
    scheduleOf({ ...definition, hyper: withDefaults(definition.hyper, values) }),
  );
}

function scheduleOf<S extends HyperSet>(definition: ScheduleDefinition<S>): Schedule {
  const { hyper, open } = definition;
  return {
    ...definition,
    open(given, run) {
      finiteNumber(`schedule ${definition.name}`, "lr", run.lr, { min: 0 });
      wholeNumber(`schedule ${definition.name}`, "steps", run.steps, { min: 1 });
      const curve = open(resolve(hyper, given), run);
      if (typeof curve?.rate !== "function") {
        throw new HyperError({
          en: `schedule ${definition.name}: open must give { rate(step) }, got ${quoted(curve)}. Return such an object.`,
          ja: `schedule ${definition.name}: open は { rate(step) } を返してください(返した値: ${quoted(curve)})。`,
        });
      }
      return curve;
    },
  };
}
