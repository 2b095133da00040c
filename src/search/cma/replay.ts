import type { Direction, ParameterValue, SearchSpace, TrialRecord } from "../../core/trial.ts";
import { drawnRange, valueAt } from "../draw.ts";
import { sign, violation } from "../ranking.ts";
import { trialStream } from "../streams.ts";
import { Evolution } from "./evolution.ts";

/** What CMA-ES keeps with a trial: which generation of which search it belongs to, and its point in [0, 1]ⁿ. */
export interface PointNote {
  readonly names: readonly string[];
  readonly restart: number;
  readonly generation: number;
  readonly point: readonly number[];
}

export const noteKey = "sampler:cma";

export interface ReplaySettings {
  readonly sigma: number;
  /** 0: the default for the number of parameters. */
  readonly populationSize: number;
  readonly restarts: "none" | "ipop";
  readonly seed: number;
}

/** Where a search stands: how often it began anew, and the evolution that goes on. */
export interface Standing {
  readonly restart: number;
  readonly evolution: Evolution;
}

/**
 * The evolution as recorded trials have left it. Each trial belongs to the generation it was drawn from; a generation ends
 * once enough of its trials have, those of the smallest numbers count. So the same trials always lead to the same state,
 * in whatever order and wherever they ran.
 */
export class Replay {
  private readonly settings: ReplaySettings;
  private used: TrialRecord[] = [];
  private notes = new WeakMap<TrialRecord, { readonly note: PointNote | undefined }>();
  private standing: Standing | undefined;
  private key = "";

  constructor(settings: ReplaySettings) {
    this.settings = settings;
  }

  /** @param space numeric parameters, in the order of their coordinates */
  of(trials: readonly TrialRecord[], space: SearchSpace, direction: Direction): Standing {
    const names = Object.keys(space);
    const known = new Set(trials);
    if (this.standing === undefined || this.key !== names.join() || this.used.some((trial) => !known.has(trial))) {
      this.standing = this.begin(names.length, 0);
      this.used = [];
      this.notes = new WeakMap();
      this.key = names.join();
    }
    for (;;) {
      const { restart, evolution }: Standing = this.standing;
      const points = trials
        .map((trial) => ({ trial, note: this.note(trial, space) }))
        .filter(({ note }) => note?.restart === restart && note.generation === evolution.generation);
      if (points.length < evolution.populationSize) {
        return this.standing;
      }
      const generation = points.slice(0, evolution.populationSize);
      for (const { trial } of generation) {
        this.used.push(trial);
      }
      generation.sort((a, b) => compare(a.trial, b.trial, direction));
      evolution.update(generation.map(({ note }) => Float64Array.from((note as PointNote).point)));
      if (this.settings.restarts === "ipop" && (evolution.spread < 1e-10 || evolution.condition > 1e13)) {
        this.standing = this.begin(names.length, restart + 1);
      }
    }
  }

  private note(trial: TrialRecord, space: SearchSpace): PointNote | undefined {
    let known = this.notes.get(trial);
    if (known === undefined) {
      known = { note: noteOf(trial, space, this.key) };
      this.notes.set(trial, known);
    }
    return known.note;
  }

  /** A fresh evolution; each restart has twice the points of the one before. */
  private begin(n: number, restart: number): Standing {
    const { sigma, populationSize, seed } = this.settings;
    const first = populationSize > 0 ? populationSize : 4 + Math.floor(3 * Math.log(n));
    const random = trialStream(seed, restart, "sampler");
    const mean = Float64Array.from({ length: n }, () => (restart === 0 ? 0.5 : random.double()));
    return { restart, evolution: new Evolution({ mean, sigma, populationSize: first * 2 ** restart }) };
  }
}

/** A trial's note when it was drawn from these parameters and used as it was drawn, and the trial tells how good it was. */
function noteOf(trial: TrialRecord, space: SearchSpace, key: string): PointNote | undefined {
  const note = trial.attributes[noteKey] as PointNote | undefined;
  if (note === undefined || trial.state === "failed" || note.names.join() !== key) {
    return undefined;
  }
  const asDrawn = note.names.every((name, i) => isValue(trial.params[name], pointValue(space, name, note.point[i])));
  return asDrawn ? note : undefined;
}

/** Tanren 0.1 drew steps of 0.1 as 0.30000000000000004; they are the same values. */
function isValue(kept: ParameterValue | undefined, drawn: ParameterValue): boolean {
  return (
    kept === drawn ||
    (typeof kept === "number" && typeof drawn === "number" && Math.abs(kept - drawn) <= 1e-12 * Math.abs(drawn))
  );
}

/** The parameter's value at a coordinate in [0, 1]. */
export function pointValue(space: SearchSpace, name: string, at: number): ParameterValue {
  const distribution = space[name];
  if (distribution.kind === "category") {
    return null;
  }
  const [low, high] = drawnRange(distribution);
  return valueAt(distribution, low + at * (high - low));
}

/** Feasible first; complete by value; pruned behind, those that got further first. */
function compare(a: TrialRecord, b: TrialRecord, direction: Direction): number {
  const rank = (trial: TrialRecord): number[] => {
    const last = trial.intermediate.at(-1);
    return trial.state === "complete"
      ? [violation(trial), 0, 0, sign(direction) * (trial.value ?? 0)]
      : [
          trial.constraints === undefined ? 0 : violation(trial),
          1,
          -(last?.step ?? -1),
          last === undefined || last.value === null ? Number.POSITIVE_INFINITY : sign(direction) * last.value,
        ];
  };
  const [left, right] = [rank(a), rank(b)];
  const at = left.findIndex((value, i) => value !== right[i]);
  return at < 0 ? a.number - b.number : left[at] < right[at] ? -1 : 1;
}
