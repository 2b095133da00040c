import { DataError, saidBy } from "../../core/errors.ts";
import { inLanguage } from "../../core/text.ts";
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
/** With what the ids of files begin; runs of the shelf have others. */
const fromFile = "file-";

/** The studies of a page: every run of the chapter's search on the shelf, and the `study.json` files that were opened. */
export class PageStudies implements StudySource {
  readonly place = "page";
  readonly warning = null;
  private readonly shelf: RunShelf;
  private readonly opened = new Map<string, OpenStudy>();
  private readonly listeners = new Set<() => unknown>();

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
    if (id.startsWith(fromFile)) {
      return this.watchFile(id, onStudy, onTrouble);
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

  /** A file of an address is told of once it is given: a page that was loaded anew has its name alone. */
  private watchFile(id: string, onStudy: (study: OpenStudy) => void, onTrouble: (error: unknown) => void): () => void {
    const tell = (): boolean => {
      const file = this.opened.get(id);
      if (file !== undefined) {
        onStudy(file);
      }
      return file !== undefined;
    };
    if (tell()) {
      return () => {};
    }
    const name = id.slice(fromFile.length);
    onTrouble(
      new DataError({
        en: `${name}: its file must be given again, got its name alone: a page that is loaded anew keeps no files. Open the study.json.`,
        ja: `${name}: ページを読み込み直すとファイルは残りません。study.json をもう一度開いてください。`,
      }),
    );
    this.listeners.add(tell);
    return () => this.listeners.delete(tell);
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
    let id = `${fromFile}${study.study.name}`;
    for (let i = 2; this.opened.has(id); i++) {
      id = `${fromFile}${study.study.name}-${i}`;
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
  const refuse = (en: string, ja: string): never => {
    throw new DataError({
      en: `study file: must be a study.json of tanren search or tanren study export, got ${en}. Choose another file.`,
      ja: `探索ファイル: tanren search か tanren study export の study.json を選んでください(${ja})。`,
    });
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return text.trim() === ""
      ? refuse("an empty file", "ファイルが空です")
      : refuse("text that is not JSON", "JSON として読めません");
  }
  const { study, trials } = (parsed ?? {}) as { study?: Partial<StudySpec>; trials?: unknown };
  const direction = study?.direction as Direction | undefined;
  if (typeof study?.name !== "string" || (direction !== "minimize" && direction !== "maximize")) {
    return refuse("JSON without a study", "JSON に study がありません");
  }
  if (!Array.isArray(trials)) {
    return refuse("JSON without trials", "JSON に trials がありません");
  }
  let read: TrialRecord[];
  try {
    const shared = sharedSpaces();
    read = trials.map((trial) => {
      const one = fromTrialJson(trial);
      return { ...one, distributions: shared(one.distributions) };
    });
  } catch (error) {
    const what = saidBy(error);
    return refuse(
      `JSON with a damaged trial (${inLanguage(what, "en")})`,
      `壊れた試行があります: ${inLanguage(what, "ja")}`,
    );
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
