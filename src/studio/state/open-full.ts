import type { ShelfSummary } from "../../web/shelf/shelf.ts";
import { bookRun } from "./book-run.ts";
import { wasGoing } from "./keep.ts";
import type { Session } from "./session.svelte.ts";
import type { ShelfState } from "./shelf.svelte.ts";
import { staleSettings } from "./stale.ts";

/**
 * Gives a page that has nothing to show yet something to show: the run that went on when the page was left, else the
 * reader's newest run of these settings, else the book's own. Never fails: a page without any of them is empty.
 */
export async function openFull(session: Session, shelf: ShelfState): Promise<void> {
  const { experiment } = session;
  const untouched = () => session.record === null && !session.busy;
  if (!untouched()) {
    return;
  }
  if (shelf.shelf.place !== "server" && wasGoing(experiment.id)) {
    // Its workers went with the page: the same run again gives the same numbers.
    void session.run();
    return;
  }
  const runs = (await shelf.try((kept) => kept.list({ experiment: experiment.id }))) ?? [];
  if (!untouched()) {
    return;
  }
  const matching = runs.filter((run) => isOf(session, run));
  const going = shelf.shelf.place === "server" ? matching.find(({ status }) => status === "running") : undefined;
  if (going !== undefined) {
    void session.follow(going);
    return;
  }
  const own = matching.find(({ status }) => status === "done");
  const record = own === undefined ? undefined : await shelf.try((kept) => kept.get(own.id));
  if (record !== undefined && untouched()) {
    session.place(record, "shelf");
    session.runId = record.id;
    return;
  }
  const book = await bookRun(experiment.id);
  if (book !== null && untouched()) {
    session.place(book, "book");
  }
}

function isOf(session: Session, run: ShelfSummary): boolean {
  const { settings, seed, lastSeed, dtype } = session;
  const record = { ...run, series: [], histograms: [], checks: [], events: [] };
  return staleSettings(session.experiment, record, { settings, seed, seeds: lastSeed, dtype }).length === 0;
}

/** Does something once the page that is being looked at has nothing else to do; never for one in the background. */
export function atRest(job: () => void): void {
  const begin = () => {
    if (document.visibilityState === "visible") {
      job();
    }
  };
  // Safari has no such callback.
  if (typeof requestIdleCallback === "function") {
    requestIdleCallback(begin, { timeout: 3000 });
  } else {
    setTimeout(begin, 500);
  }
}
