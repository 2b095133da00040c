import { HyperError } from "../../../core/errors.ts";
import type { HyperValue } from "../../../core/hyper.ts";
import { customRuleOf, customRun, styleOfRun } from "../../../experiments/custom-rule.ts";
import { optimizersInOrder } from "../../../experiments/optimizers-in-order.ts";
import { settingsOfRun } from "../../../experiments/per-run.ts";
import { type Curvature, curvatureAt, nearestMinimum } from "../../../experiments/surfaces/curvature.ts";
import { type Point, type Surface, surfaceOf } from "../../../experiments/surfaces/surface.ts";
import type { Optimizer } from "../../../optim/optimizer.ts";
import { stabilityLimit } from "../../../optim/stability.ts";
import type { Settings } from "../../../runs/experiment.ts";
import type { Session } from "../../state/session.svelte.ts";
import { type Heights, heightsOf, levelsUpTo, lowestPoint } from "./heights.ts";
import type { DrawnPath } from "./paint-paths.ts";
import { normalsOf, Walker } from "./walker.ts";

/** A rule that walks, with its hyper-parameters at hand. */
export interface LabRun {
  readonly name: string;
  readonly optimizer: Optimizer;
  readonly style: number;
  readonly hyper: Readonly<Record<string, number>>;
}

/** Milliseconds of one frame that walking may take; a longer path goes on in the next frame. */
const budget = 9;
/** Milliseconds a hand must rest before the page's address follows; it does at once where the hand goes elsewhere. */
const rest = 250;
/** Places of a grid of heights, each way. */
const gridSize = 221;

/**
 * What the lab shows. Settings that a hand is changing are ahead of the session's: the paths follow at once, the page's
 * address and figures when the hand rests.
 */
export class LabState {
  readonly session: Session;
  private pending = $state.raw<Settings>({});
  private pendingStep = $state.raw<number | null | undefined>(undefined);
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** The run whose arrows, formula and numbers are shown. */
  private wanted = $state("SGD");
  private readonly walkers = new Map<string, Walker>();
  private version = $state(0);
  private frame = 0;

  constructor(session: Session) {
    this.session = session;
    session.settle = () => this.commit();
  }

  readonly settings: Settings = $derived.by(() => ({ ...this.session.settings, ...this.pending }));

  private readonly surfaceText = $derived(String(this.settings.surface));
  readonly surface: Surface = $derived(surfaceOf(this.surfaceText));
  readonly heights: Heights = $derived(heightsOf(this.surface, gridSize));
  readonly levels: readonly number[] = $derived(levelsUpTo(this.surface.levels, this.heights.high));
  readonly start: Point = $derived([Number(this.settings.startX), Number(this.settings.startY)]);
  readonly iterations: number = $derived(Number(this.settings.iterations));
  private readonly rule = $derived(String(this.settings.rule));
  private readonly custom = $derived(this.rule.trim() === "" ? null : customRuleOf({ rule: this.rule }));

  /** Every rule that can walk here, the typed one last. */
  readonly known: readonly { readonly name: string; readonly optimizer: Optimizer }[] = $derived([
    ...optimizersInOrder.map((optimizer) => ({ name: optimizer.label, optimizer })),
    ...(this.custom === null ? [] : [{ name: customRun, optimizer: this.custom.optimizer }]),
  ]);

  readonly runs: readonly LabRun[] = $derived.by(() => {
    const chosen = this.settings.optimizers as readonly string[];
    return this.known
      .filter(({ name }) => name === customRun || chosen.includes(name))
      .map(({ name, optimizer }) => ({
        name,
        optimizer,
        style: styleOfRun(name, 0),
        hyper: this.hyperOf(name, optimizer),
      }));
  });

  readonly focus: LabRun = $derived(this.runs.find(({ name }) => name === this.wanted) ?? this.runs[0]);

  /** The update that is looked at, 0 … iterations. */
  readonly step: number = $derived.by(() => {
    const asked = this.pendingStep === undefined ? this.session.position : this.pendingStep;
    return asked === null ? this.iterations : Math.min(asked, this.iterations);
  });

  readonly locked: boolean = $derived.by(() => this.session.teacher.locked);

  /** Where the paths are, after the last walk. */
  readonly paths: readonly DrawnPath[] = $derived.by(() =>
    this.runs.flatMap(({ name, style }) => {
      const walker = this.walkerOf(name);
      return walker === undefined
        ? []
        : [
            {
              name,
              style,
              points: walker.path,
              step: Math.min(this.step, walker.steps),
              focused: name === this.focus.name,
            },
          ];
    }),
  );

  /** The minimum that the focused path is nearest to: the same object while it stays the nearest. */
  private readonly lowestNear: Point | null = $derived.by(() => {
    const path = this.paths.find(({ focused }) => focused)?.points;
    const end: Point = path === undefined ? this.start : [path[path.length - 2], path[path.length - 1]];
    return nearestMinimum(this.surface, end) ?? this.lowest;
  });

  /** Where curvature is measured, and what it is there; null where there is none. */
  readonly bottom: { readonly at: Point; readonly curvature: Curvature } | null = $derived.by(() => {
    const at = this.lowestNear;
    const curvature = at === null ? null : curvatureAt(this.surface, at);
    return at === null || curvature === null ? null : { at, curvature };
  });
  private readonly lowest = $derived(this.surface.minima.length > 0 ? null : lowestPoint(this.surface));

  /** A run's numbers, up to date with `paths`; none of a rule that has been typed since and has not walked yet. */
  walkerOf(name: string): Walker | undefined {
    void this.version;
    const walker = this.walkers.get(name);
    return this.runs.some((run) => run.name === name && run.optimizer === walker?.optimizer) ? walker : undefined;
  }

  /** The largest lr with which a run still converges near the bottom; null where there is none. */
  limitOf({ name, optimizer, hyper }: LabRun): number | null {
    const curvature = this.bottom?.curvature.largest ?? 0;
    if (!(curvature > 0) || !Number.isFinite(curvature)) {
      return null;
    }
    const { lr: _, ...others } = hyper;
    const key = JSON.stringify([name, optimizer.rule, others, curvature.toPrecision(4)]);
    let limit = this.limits.get(key);
    if (limit === undefined) {
      limit = stabilityLimit(optimizer, hyper, curvature);
      if (this.limits.size > 500) {
        this.limits.clear();
      }
      this.limits.set(key, limit);
    }
    return limit;
  }
  private readonly limits = new Map<string, number | null>();

  hyperOf(name: string, optimizer: Optimizer): Record<string, number> {
    const values = settingsOfRun(this.settings, name);
    return Object.fromEntries(Object.keys(optimizer.hyper).map((word) => [word, values[word]]));
  }

  focusOn(name: string): void {
    this.wanted = name;
  }

  /** Changes settings at once on this page; the session follows when the hand rests. A value out of range is refused. */
  set(values: Settings): boolean {
    if (this.locked) {
      return false;
    }
    const checked: Record<string, HyperValue> = {};
    try {
      for (const [name, value] of Object.entries(values)) {
        checked[name] = this.session.experiment.settings[name].check(value, name);
      }
    } catch (error) {
      if (error instanceof HyperError) {
        return false;
      }
      throw error;
    }
    this.pending = { ...this.pending, ...checked };
    this.later();
    return true;
  }

  /** The start, brought into the settings' range and to as many digits as a hand can mean. */
  moveStart(x: number, y: number): void {
    const tidy = (value: number): HyperValue => Number(Math.min(10, Math.max(-10, value)).toFixed(3));
    this.set({ startX: tidy(x), startY: tidy(y) });
  }

  /** Looks at an update; null is the last. */
  look(step: number | null): void {
    this.pendingStep = step === null || step >= this.iterations ? null : Math.max(0, Math.round(step));
    this.later();
  }

  usePreset(preset: string): void {
    this.commit();
    this.session.usePreset(preset);
    this.session.position = null;
  }

  /** Gives the session what a hand has changed. */
  commit(): void {
    clearTimeout(this.timer);
    const changed = this.pending;
    if (Object.keys(changed).length > 0) {
      this.pending = {};
      this.session.setMany(changed);
    }
    if (this.pendingStep !== undefined) {
      this.session.position = this.pendingStep;
      this.pendingStep = undefined;
    }
  }

  /** Walks all runs from the start; what does not fit into this frame goes on in the next ones. */
  walk(): void {
    cancelAnimationFrame(this.frame);
    const { surface, start, iterations } = this;
    const normals = normalsOf(this.session.seed, surface.noise > 0 ? iterations : 0);
    for (const { name, optimizer, hyper } of this.runs) {
      let walker = this.walkers.get(name);
      if (walker === undefined || walker.optimizer !== optimizer) {
        walker = new Walker(optimizer);
        this.walkers.set(name, walker);
      }
      walker.begin({ surface, start, iterations, hyper, normals });
    }
    this.goOn();
  }

  private goOn(): void {
    const end = performance.now() + budget;
    let ended = true;
    for (const { name } of this.runs) {
      ended = (this.walkers.get(name)?.advance(() => performance.now() < end) ?? true) && ended;
    }
    this.version++;
    if (!ended) {
      this.frame = requestAnimationFrame(() => this.goOn());
    }
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.commit(), rest);
  }
}
