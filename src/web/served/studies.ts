import { fromJsonNumber } from "../../core/json-number.ts";
import type { TrialRecord } from "../../core/trial.ts";
import { fromTrialJson } from "../../core/trial-json.ts";
import type { ResumeStudyRequest, StudyDetail, StudyList, StudyStreamEvent } from "../../server/api.ts";
import { type DamagedStudy, damagedStudyText } from "../../store/studies/study-store.ts";
import type { ServerClient } from "./client.ts";
import { serverStream } from "./stream.ts";
import type { OpenStudy, StudyItem, StudySource } from "./study-source.ts";

/** Milliseconds between two looks at the list. */
const lookEvery = 3000;

/** The studies of the server's store: the command line's and those of other machines, as they go. */
export function openServerStudies(client: ServerClient): StudySource {
  let damaged: readonly DamagedStudy[] = [];
  return {
    place: "server",
    get warning() {
      return damaged.length === 0 ? null : damagedStudyText(damaged[0]);
    },
    async list() {
      const { studies, damaged: bad = [] } = await client.ask<StudyList>("GET", "studies");
      damaged = bad;
      return studies.map(
        ({ name, direction, counts, best, touchedAt, here }): StudyItem => ({
          id: name,
          name,
          direction,
          trials: Object.values(counts).reduce((sum, count) => sum + count, 0),
          complete: counts.complete,
          best: best === null ? null : fromJsonNumber(best.value, name),
          touchedAt,
          running: counts.running > 0,
          here,
        }),
      );
    },
    watch(id, onStudy, onTrouble) {
      const over = new AbortController();
      void follow(client, id, { onStudy, onTrouble, signal: over.signal }).catch((error) => {
        if (!over.signal.aborted) {
          onTrouble(error);
        }
      });
      return () => over.abort();
    },
    async resume(id, trials) {
      await client.ask("POST", `studies/${encodeURIComponent(id)}/resume`, { trials } satisfies ResumeStudyRequest);
    },
    async stop(id) {
      await client.ask("POST", `studies/${encodeURIComponent(id)}/stop`);
    },
    async delete(id) {
      await client.ask("DELETE", `studies/${encodeURIComponent(id)}`);
    },
    subscribe(listener) {
      const timer = setInterval(() => {
        if (document.visibilityState === "visible") {
          listener();
        }
      }, lookEvery);
      return () => clearInterval(timer);
    },
  };
}

interface Following {
  readonly onStudy: (study: OpenStudy) => void;
  readonly onTrouble: (error: unknown) => void;
  readonly signal: AbortSignal;
}

async function follow(client: ServerClient, name: string, { onStudy, onTrouble, signal }: Following): Promise<void> {
  const path = `studies/${encodeURIComponent(name)}`;
  const { study, revision, trials } = await client.ask<StudyDetail>("GET", path);
  const known = new Map<number, TrialRecord>(trials.map((trial) => [trial.number, fromTrialJson(trial)]));
  const tell = () => {
    const all = [...known.values()].sort((a, b) => a.number - b.number);
    const running = all.some(({ state }) => state === "running");
    onStudy({ study, data: { trials: all, direction: study.direction, now: Date.now() }, running });
  };
  if (signal.aborted) {
    return;
  }
  tell();
  const stream = serverStream(client, `${path}/events`, { signal, lastId: String(revision) });
  for await (const message of stream) {
    const { data } = message as unknown as StudyStreamEvent;
    for (const trial of data.trials) {
      known.set(trial.number, fromTrialJson(trial));
    }
    onTrouble(null);
    tell();
  }
}
