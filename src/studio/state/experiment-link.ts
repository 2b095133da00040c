import { HyperError } from "../../core/errors.ts";
import { type HyperValue, numberOf, resolve, written } from "../../core/hyper.ts";
import { type Dtype, dtypes } from "../../core/tensor.ts";
import { inLanguage, type Text } from "../../core/text.ts";
import { type Backend, backends } from "../../kernels/kernels.ts";
import type { Experiment, Settings } from "../../runs/experiment.ts";

/** Everything an experiment's page shows and does, beside the runs themselves: what a link carries. */
export interface ExperimentState {
  readonly preset: string;
  /** Complete. */
  readonly settings: Settings;
  readonly seed: number;
  /** Last seed of a range that begins with `seed`; null for one run. */
  readonly lastSeed: number | null;
  readonly dtype: Dtype;
  readonly backend: Backend;
  /** Iteration the history is scrubbed to; null for the newest. */
  readonly at: number | null;
  readonly view: ViewState;
  readonly teacher: TeacherState;
  /** Place of the story's step at hand among the lesson's steps. */
  readonly step: number;
}

/** How curves are looked at; changes no number. */
export interface ViewState {
  /** `book` is the chapter's Kaiser window; a number in [0, 1) exponential smoothing of that strength. */
  readonly smoothing: "book" | number;
  readonly abscissa: "iteration" | "epoch" | "seconds";
  readonly logX: boolean;
  readonly logY: boolean;
}

/** What a teacher who shares a page lets be seen and changed. */
export interface TeacherState {
  /** Settings cannot be changed. */
  readonly locked: boolean;
  /** Parts of the page that are left out. */
  readonly hidden: readonly TeacherPart[];
  /** Places of the story's steps in the order they are gone through; all of them in their own order when empty. */
  readonly steps: readonly number[];
  /** What the class is asked, in the teacher's words. */
  readonly questions: readonly string[];
}

export const teacherParts = ["settings", "text", "formulas", "results", "shelf"] as const;
export type TeacherPart = (typeof teacherParts)[number];
export const abscissas = ["iteration", "epoch", "seconds"] as const;

/** Names in a link that are not settings. A test sees that no experiment has a setting of such a name. */
export const reserved = [
  ...[
    "preset",
    "seed",
    "seeds",
    "dtype",
    "backend",
    "at",
    "smooth",
    "x",
    "log",
    "lock",
    "hide",
    "run",
    "with",
    "step",
    "steps",
    "ask",
  ],
];

export const bookView: ViewState = { smoothing: "book", abscissa: "iteration", logX: false, logY: false };
export const noTeacher: TeacherState = { locked: false, hidden: [], steps: [], questions: [] };

export function bookState(experiment: Experiment, preset = "book"): ExperimentState {
  return {
    preset,
    settings: resolve(experiment.settings, experiment.presets[preset] ?? {}),
    seed: 0,
    lastSeed: null,
    dtype: "float32",
    backend: "auto",
    at: null,
    view: bookView,
    teacher: noTeacher,
    step: 0,
  };
}

/** The settings that differ from the preset's, in the experiment's order. */
export function differences(
  experiment: Experiment,
  { preset, settings }: Pick<ExperimentState, "preset" | "settings">,
): { name: string; value: HyperValue; book: HyperValue }[] {
  const base = resolve(experiment.settings, experiment.presets[preset] ?? {});
  return Object.keys(experiment.settings)
    .filter((name) => written(settings[name]) !== written(base[name]))
    .map((name) => ({ name, value: settings[name], book: base[name] }));
}

/** What differs from the book's own page, as a link's parameters. */
export function paramsOf(experiment: Experiment, state: ExperimentState): URLSearchParams {
  const params = new URLSearchParams();
  const put = (name: string, value: string | number | null, usual: string | number | null) => {
    if (value !== usual && value !== null) {
      params.set(name, String(value));
    }
  };
  put("preset", state.preset, "book");
  for (const { name, value } of differences(experiment, state)) {
    params.set(name, written(value));
  }
  if (state.lastSeed === null) {
    put("seed", state.seed, 0);
  } else {
    params.set("seeds", `${state.seed}..${state.lastSeed}`);
  }
  put("dtype", state.dtype, "float32");
  put("backend", state.backend, "auto");
  put("at", state.at, null);
  put("smooth", state.view.smoothing, "book");
  put("x", state.view.abscissa, "iteration");
  put("log", `${state.view.logX ? "x" : ""}${state.view.logY ? "y" : ""}`, "");
  put("lock", state.teacher.locked ? 1 : null, null);
  put("hide", state.teacher.hidden.join(","), "");
  put("steps", state.teacher.steps.map((step) => step + 1).join(","), "");
  put("step", state.step + 1, 1);
  for (const question of state.teacher.questions) {
    params.append("ask", question);
  }
  return params;
}

export interface ReadLink {
  readonly state: ExperimentState;
  /** What in the link could not be used; everything else was. */
  readonly complaints: readonly Text[];
}

/** Reads a link's parameters. Nothing in a link can fail: what has no meaning is left out and told. */
export function stateOf(experiment: Experiment, params: URLSearchParams): ReadLink {
  const complaints: Text[] = [];
  const complain = (name: string, must: Text, got: string) =>
    complaints.push({
      en: `link: ${name} must be ${inLanguage(must, "en")}, got "${short(got)}". The usual value is used.`,
      ja: `リンク: ${name} に "${short(got)}" は指定できません(指定できる値: ${inLanguage(must, "ja")})。既定値を使います。`,
    });
  const oneOf = <T extends string>(name: string, known: readonly T[], usual: T): T => {
    const got = params.get(name);
    const found = known.find((word) => word === got);
    if (got !== null && found === undefined) {
      complain(name, known.join(", "), got);
    }
    return found ?? usual;
  };
  const whole = (name: string, text: string | null, max: number): number | null => {
    if (text === null) {
      return null;
    }
    const value = numberOf(text);
    if (!Number.isInteger(value) || value < 0 || value > max) {
      complain(name, `0…${max}`, text);
      return null;
    }
    return value;
  };

  const preset = oneOf("preset", Object.keys(experiment.presets), "book");
  const base = bookState(experiment, preset);
  const given: Record<string, HyperValue> = { ...base.settings };
  for (const [name, text] of params) {
    if (reserved.includes(name)) {
      continue;
    }
    try {
      const hyper = Object.hasOwn(experiment.settings, name) ? experiment.settings[name] : undefined;
      if (hyper === undefined) {
        complaints.push({
          en: `link: ${short(name)} is no setting of this experiment and is left out.`,
          ja: `リンク: ${short(name)} という設定はこの実験にないため、無視しました。`,
        });
        continue;
      }
      given[name] = hyper.parse(text, name);
    } catch (error) {
      if (!(error instanceof HyperError)) {
        throw error;
      }
      complain(name, experiment.settings[name].range, text);
    }
  }

  const seeds = /^(\d+)\.\.(\d+)$/.exec(params.get("seeds") ?? "");
  const first = whole("seeds", seeds?.[1] ?? null, 0xffffffff);
  const last = whole("seeds", seeds?.[2] ?? null, 0xffffffff);
  const several = first !== null && last !== null && last > first && last - first < mostSeeds;
  if (params.has("seeds") && !several) {
    complain("seeds", `a..b, 2…${mostSeeds}`, params.get("seeds")!);
  }
  const smooth = params.get("smooth");
  const smoothing = smooth === null || smooth === "book" ? "book" : Number(smooth);
  const smoothable = smoothing === "book" || (smoothing >= 0 && smoothing < 1);
  if (!smoothable) {
    complain("smooth", "book, 0…0.99", smooth ?? "");
  }
  const hidden = (params.get("hide") ?? "").split(",").filter((part) => part !== "");
  return {
    state: {
      ...base,
      settings: given,
      seed: several ? first : (whole("seed", params.get("seed"), 0xffffffff) ?? 0),
      lastSeed: several ? last : null,
      dtype: oneOf("dtype", dtypes, "float32"),
      backend: oneOf("backend", backends, "auto"),
      at: whole("at", params.get("at"), 1e9),
      view: {
        smoothing: smoothable ? smoothing : "book",
        abscissa: oneOf("x", abscissas, "iteration"),
        logX: (params.get("log") ?? "").includes("x"),
        logY: (params.get("log") ?? "").includes("y"),
      },
      teacher: {
        locked: params.get("lock") === "1",
        hidden: teacherParts.filter((part) => hidden.includes(part)),
        steps: stepsOf(params.get("steps") ?? ""),
        questions: questionsOf(params.getAll("ask")),
      },
      step: Math.max(0, (whole("step", params.get("step"), mostSteps) ?? 1) - 1),
    },
    complaints,
  };
}

/** More than any lesson has. */
const mostSteps = 99;

/** The steps of a link, each once; what is no step of the lesson is left out where the lesson is known. */
function stepsOf(text: string): number[] {
  const places = text.split(",").map((part) => Number(part) - 1);
  return [...new Set(places.filter((place) => Number.isInteger(place) && place >= 0 && place < mostSteps))];
}

/** Questions of a link, and characters of one. */
const [mostQuestions, longestQuestion] = [8, 300];

/** Questions as a link may hold them: each once, without empty ones. */
export function questionsOf(texts: readonly string[]): string[] {
  const told = texts.map((text) => text.trim().slice(0, longestQuestion)).filter((text) => text !== "");
  return [...new Set(told)].slice(0, mostQuestions);
}

/** Runs of a range of seeds that one page holds. */
export const mostSeeds = 50;

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
