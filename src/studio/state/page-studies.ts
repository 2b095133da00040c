import { timeText } from "../../core/time-text.ts";
import type { OpenStudy, StudyItem, StudySource } from "../../web/served/study-source.ts";
import type { RunShelf, ShelfRun, ShelfSummary } from "../../web/shelf/shelf.ts";
import { trialsOf } from "../labs/search/trials-of.ts";
import { itemOf } from "./study-item.ts";

const searchId = "hyperparameter-search";

/** The studies of a page: every run of the chapter's search on the shelf. */
export class PageStudies implements StudySource {
  readonly place = "page";
  readonly warning = null;
  private readonly shelf: RunShelf;

  constructor(shelf: RunShelf) {
    this.shelf = shelf;
  }

  async list(): Promise<StudyItem[]> {
    const runs = await this.shelf.list({ experiment: searchId });
    return Promise.all(runs.map(async (run) => itemOf(run.id, studyOfRun(await this.shelf.get(run.id)))));
  }

  watch(id: string, onStudy: (study: OpenStudy) => void, onTrouble: (error: unknown) => void): () => void {
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
    return this.shelf.subscribe(listener);
  }

  delete(id: string): Promise<void> {
    return this.shelf.delete(id);
  }
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
