import { saidBy } from "../../core/errors.ts";
import { type HyperValue, resolve } from "../../core/hyper.ts";
import type { RunRecord } from "../../core/record.ts";
import { dtypes } from "../../core/tensor.ts";
import type { Text } from "../../core/text.ts";
import type { Experiment, Settings } from "../../runs/experiment.ts";
import { bookState, type ExperimentState } from "./experiment-link.ts";

/** With what the next run of an experiment begins. */
export class SettingsAtHand {
  readonly experiment: Experiment;

  preset = $state("book");
  /** Complete: every setting has its value. */
  settings = $state.raw<Settings>({});
  seed = $state(0);
  lastSeed = $state<number | null>(null);
  dtype = $state<ExperimentState["dtype"]>("float32");
  backend = $state<ExperimentState["backend"]>("auto");
  /** What a setting's control holds that is no value, by name: no run begins while there is one. */
  invalid = $state.raw<Readonly<Record<string, true>>>({});
  /** Another object whenever the settings come from elsewhere than their controls: what is typed there gives way. */
  givenBy = $state.raw({});
  /** As the preset has the settings. */
  readonly usual: Settings = $derived.by(() => bookState(this.experiment, this.preset).settings);

  constructor(experiment: Experiment) {
    this.experiment = experiment;
    this.settings = bookState(experiment).settings;
  }

  /** Whether iterations can be told in epochs and seconds: only training has them. */
  get timed(): boolean {
    return typeof this.settings.batchSize === "number" && typeof this.settings.trainRows === "number";
  }

  /** Whether every control holds a value. */
  get sound(): boolean {
    return Object.keys(this.invalid).length === 0;
  }

  /** Of the next run, or of the next runs in their order. */
  get seeds(): number[] {
    const { seed, lastSeed } = this;
    return lastSeed === null ? [seed] : Array.from({ length: lastSeed - seed + 1 }, (_, i) => seed + i);
  }

  /** Changes one setting. @throws HyperError when the value is out of range; nothing changes then */
  set(name: string, value: HyperValue): void {
    this.setMany({ [name]: value });
  }

  /** Changes several settings at once. @throws HyperError */
  setMany(values: Readonly<Record<string, HyperValue>>): void {
    this.settings = resolve(this.experiment.settings, { ...this.settings, ...values });
  }

  /** Keeps in mind whether a setting's control holds something that is no value. */
  markInvalid(name: string, invalid: boolean): void {
    if (invalid !== Object.hasOwn(this.invalid, name)) {
      const { [name]: _, ...others } = this.invalid;
      this.invalid = invalid ? { ...others, [name]: true } : others;
    }
  }

  /** All settings as the preset has them. */
  usePreset(preset: string): void {
    this.givenBy = {};
    this.preset = preset;
    this.settings = this.usual;
  }

  /** Those that a run was made with. @returns what of them is no setting any more */
  protected take({
    preset,
    settings,
    seed,
    engine,
  }: Pick<RunRecord, "preset" | "settings" | "seed" | "engine">): Text | null {
    this.givenBy = {};
    this.preset = Object.hasOwn(this.experiment.presets, preset) ? preset : "book";
    this.seed = seed;
    this.lastSeed = null;
    this.dtype = dtypes.find((known) => known === engine.dtype) ?? this.dtype;
    try {
      this.settings = resolve(this.experiment.settings, settings);
      return null;
    } catch (error) {
      // Recorded by a version with other settings: the curves are still there to be seen.
      return saidBy(error);
    }
  }
}
