import { DataError } from "../../core/errors.ts";
import { timeText } from "../../core/time-text.ts";
import type { Direction, TrialRecord } from "../../core/trial.ts";
import { fromTrialJson } from "../../core/trial-json.ts";
import { sharedSpaces } from "../../search/shared-spaces.ts";
import { summarize } from "../../search/views/summary.ts";
import type { StudySpec } from "../../store/studies/study-store.ts";
import type { OpenStudy, StudyItem, StudySource } from "../../web/served/study-source.ts";
import type { RunShelf, ShelfRun, ShelfSummary } from "../../web/shelf/shelf.ts";
import { trialsOf } from "../labs/search/trials-of.ts";

const searchId = "hyperparameter-search";

/** The studies of a page: every run of the chapter's search on the shelf, and the `study.json` files that were opened. */
export class PageStudies implements StudySource {
  readonly place = "page";
  readonly warning = null;
  private readonly shelf: RunShelf;
  private readonly opened = new Map<string, OpenStudy>();
  private readonly listeners = new Set<() => void>();

  constructor(shelf: RunShelf) {
    this.shelf = shelf;
  }

  async list(): Promise<StudyItem[]> {
    const runs = await this.shelf.list({ experiment: searchId });
    const files = [...this.opened].map(([id, study]) => itemOf(id, study));
    const whole = await Promise.all(runs.map(async (run) => itemOf(run.id, studyOfRun(await this.shelf.get(run.id)))));
    return [...files, ...whole];
  }

  watch(id: string, onStudy: (study: OpenStudy) => void, onTrouble: (error: unknown) => void): () => void {
    const file = this.opened.get(id);
    if (file !== undefined) {
      onStudy(file);
      return () => {};
    }
    let ended = false;
    const look = () =>
      this.shelf.get(id).then(
        (run) => {
          if (!ended) {
            onStudy(studyOfRun(run));
          }
        },
        (error) => {
          if (!ended) {
            onTrouble(error);
          }
        },
      );
    void look();
    const leave = this.shelf.subscribe(look);
    return () => {
      ended = true;
      leave();
    };
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    const leave = this.shelf.subscribe(listener);
    return () => {
      this.listeners.delete(listener);
      leave();
    };
  }

  async delete(id: string): Promise<void> {
    if (!this.opened.delete(id)) {
      await this.shelf.delete(id);
    }
    for (const listener of this.listeners) {
      listener();
    }
  }

  /** Opens a `study.json`; it stays until the page is closed. @throws DataError when the text is something else */
  open(text: string): string {
    const study = studyOfFile(text);
    let id = `file-${study.study.name}`;
    for (let i = 2; this.opened.has(id); i++) {
      id = `file-${study.study.name}-${i}`;
    }
    this.opened.set(id, study);
    for (const listener of this.listeners) {
      listener();
    }
    return id;
  }
}

export function itemOf(id: string, { study, data, running }: OpenStudy): StudyItem {
  const { counts, total, best } = summarize(data);
  const touched = data.trials.reduce(
    (last, { finishedAt, startedAt }) => Math.max(last, finishedAt ?? startedAt ?? 0),
    0,
  );
  return {
    id,
    name: study.name,
    direction: study.direction,
    trials: total,
    complete: counts.complete,
    best: best?.value ?? null,
    touchedAt: touched || null,
    running,
  };
}

function studyOfRun(run: ShelfRun): OpenStudy {
  const { label, startedAt, seed, status } = run as ShelfRun & Pick<ShelfSummary, "label">;
  const begun = timeText(startedAt, { seconds: false });
  return {
    study: {
      name: label ?? `${searchId}, ${begun}`,
      direction: "maximize",
      seed,
      sampler: { name: "random" },
      pruner: null,
      space: null,
      objective: { experiment: searchId },
      constraints: 0,
    },
    data: {
      trials: trialsOf(run),
      direction: "maximize",
      valueName: { en: "validation accuracy", ja: "検証データの精度" },
    },
    running: status === "running",
  };
}

/** The parts of a `study.json` that views need, checked: a file may come from anywhere. */
function studyOfFile(text: string): OpenStudy {
  const refuse = (got: string): never => {
    throw new DataError({
      en: `study file: must be a study.json of tanren search or tanren study export, got ${got}. Choose another file.`,
      ja: `探索ファイル: tanren search か tanren study export の study.json を選んでください(${got})。`,
    });
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return refuse(text.trim() === "" ? "an empty file" : "text that is not JSON");
  }
  const { study, trials } = (parsed ?? {}) as { study?: Partial<StudySpec>; trials?: unknown };
  const direction = study?.direction as Direction | undefined;
  if (typeof study?.name !== "string" || (direction !== "minimize" && direction !== "maximize")) {
    return refuse("JSON without a study");
  }
  if (!Array.isArray(trials)) {
    return refuse("JSON without trials");
  }
  let read: TrialRecord[];
  try {
    const shared = sharedSpaces();
    read = trials.map((trial) => {
      const one = fromTrialJson(trial);
      return { ...one, distributions: shared(one.distributions) };
    });
  } catch (error) {
    return refuse(`JSON with a damaged trial (${(error as Error).message})`);
  }
  return {
    study: {
      seed: 0,
      sampler: null,
      pruner: null,
      space: null,
      objective: null,
      constraints: 0,
      ...study,
    } as StudySpec,
    data: { trials: read, direction },
    running: false,
  };
}
