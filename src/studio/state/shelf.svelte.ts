import { saidBy } from "../../core/errors.ts";
import type { Text } from "../../core/text.ts";
import type { RunShelf, ShelfSummary } from "../../web/shelf/shelf.ts";
import { Newest } from "./newest.ts";

/** The shelf of runs as the pages see it: kept up to date while anything changes it, here or elsewhere. */
export class ShelfState {
  readonly shelf: RunShelf;
  runs = $state.raw<readonly ShelfSummary[]>([]);
  warning = $state.raw<Text | null>(null);
  /** Why the last change or look failed. */
  trouble = $state.raw<Text | null>(null);
  /** That of a look: the next one that comes well ends it. */
  private unseen: Text | null = null;
  private waiting = false;
  private readonly looks = new Newest();

  constructor(shelf: RunShelf) {
    this.shelf = shelf;
    this.warning = shelf.warning;
    shelf.subscribe(() => this.refreshSoon());
    this.refreshSoon();
  }

  /** Pinned runs first, each group newest first. */
  of(experiment: string): readonly ShelfSummary[] {
    const own = this.runs.filter((run) => run.experiment === experiment);
    return [...own.filter(({ pinned }) => pinned), ...own.filter(({ pinned }) => !pinned)];
  }

  /** Does something to the shelf; what goes wrong is said, not thrown. */
  async try<T>(action: (shelf: RunShelf) => Promise<T>): Promise<T | undefined> {
    try {
      const result = await action(this.shelf);
      this.trouble = null;
      this.refreshSoon();
      return result;
    } catch (error) {
      this.trouble = saidBy(error);
      return undefined;
    }
  }

  /** Many changes in a moment are one look. */
  private refreshSoon(): void {
    if (this.waiting) {
      return;
    }
    this.waiting = true;
    setTimeout(async () => {
      this.waiting = false;
      // Of two looks at once the one that began first may end last: it has seen less.
      const stands = this.looks.next();
      try {
        const runs = await this.shelf.list();
        if (!stands()) {
          return;
        }
        this.runs = runs;
        this.trouble = this.trouble === this.unseen ? null : this.trouble;
      } catch (error) {
        if (!stands()) {
          return;
        }
        this.unseen = saidBy(error);
        this.trouble = this.unseen;
      }
      // After the list: it may have found runs that cannot be read.
      this.warning = this.shelf.warning;
    }, 60);
  }
}
