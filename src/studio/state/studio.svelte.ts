import type { Experiment } from "../../runs/experiment.ts";
import type { StudySource } from "../../web/served/study-source.ts";
import type { Engine } from "./engine.ts";
import { Session } from "./session.svelte.ts";
import type { ShelfState } from "./shelf.svelte.ts";
import { StudiesWithFiles } from "./studies-with-files.ts";

/** What every page has in common: where runs happen, where they are kept, and the sessions that go on between pages. */
export class Studio {
  /** Where runs can happen; the first is the usual place. */
  readonly engines: readonly Engine[];
  /** Where the next run happens. */
  engine = $state.raw<Engine>()!;
  readonly shelf: ShelfState;
  readonly studies: StudiesWithFiles;
  private readonly sessions = new Map<string, Session>();

  constructor({ engines, shelf, studies }: Pick<Studio, "engines" | "shelf"> & { readonly studies: StudySource }) {
    this.engines = engines;
    this.engine = engines[0];
    this.shelf = shelf;
    this.studies = new StudiesWithFiles(studies);
  }

  /** The one session of an experiment: a run goes on while one looks at another page. */
  session(experiment: Experiment): Session {
    let session = this.sessions.get(experiment.id);
    if (session === undefined) {
      session = outliving(() => new Session(experiment, () => this.engine));
      this.sessions.set(experiment.id, session);
    }
    return session;
  }
}

/** Makes what must outlive the part of the page that asks for it first, which would own all that it derives otherwise. */
export function outliving<T>(make: () => T): T {
  let made: T | undefined;
  $effect.root(() => {
    made = make();
  });
  return made!;
}
