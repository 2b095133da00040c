import type { Experiment } from "../../experiments/experiment.ts";
import type { StudySource } from "../../web/study-source.ts";
import type { Engine } from "./engine.ts";
import { Session } from "./session.svelte.ts";
import type { ShelfState } from "./shelf.svelte.ts";

/** What every page has in common: where runs happen, where they are kept, and the sessions that go on between pages. */
export class Studio {
  readonly engine: Engine;
  readonly shelf: ShelfState;
  readonly studies: StudySource;
  private readonly sessions = new Map<string, Session>();

  constructor({ engine, shelf, studies }: Pick<Studio, "engine" | "shelf" | "studies">) {
    this.engine = engine;
    this.shelf = shelf;
    this.studies = studies;
  }

  /** The one session of an experiment: a run goes on while one looks at another page. */
  session(experiment: Experiment): Session {
    let session = this.sessions.get(experiment.id);
    if (session === undefined) {
      session = new Session(experiment, this.engine);
      this.sessions.set(experiment.id, session);
    }
    return session;
  }
}
