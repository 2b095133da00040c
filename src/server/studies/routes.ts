import type { Context, Hono } from "hono";
import { toSummaryJson, toTrialJson } from "../../core/trial-json.ts";
import {
  type DamagedStudy,
  damagedStudyText,
  StudyAtWorkError,
  type StudyStore,
  type StudySummary,
} from "../../store/studies/study-store.ts";
import type { ResumeStudyRequest, StudyDetail, StudyList } from "../api.ts";
import { ApiError } from "../api-error.ts";
import { resumeAt, sseResponse } from "../streams/sse.ts";
import { StudyStreams } from "./feed.ts";
import type { StudyHub } from "./hub.ts";

export interface StudyRouteOptions {
  /** null where there is none; then there are no studies. */
  readonly store: StudyStore | null;
  readonly hub: StudyHub | null;
  readonly closing: AbortSignal;
  /** A request's body, checked. @throws ApiError */
  readonly bodyOf: (c: Context) => Promise<ResumeStudyRequest>;
}

/** Adds `/api/studies`: the searches of the command line, to be watched, gone on with and deleted. */
export function addStudyRoutes(app: Hono, { store, hub, closing, bodyOf }: StudyRouteOptions): void {
  const streams = store === null ? null : new StudyStreams(store);

  app.get("/api/studies", async (c) => {
    const damaged: DamagedStudy[] = [];
    const studies = (await store?.studies((study) => damaged.push(study))) ?? [];
    const list: StudyList = {
      studies: studies.map((study) => ({ ...toSummaryJson(study), here: hub?.works(study.id) ?? false })),
      ...(damaged.length === 0 ? {} : { damaged }),
    };
    c.header("cache-control", "no-store");
    return c.json(list);
  });

  app.get("/api/studies/:name", async (c) => {
    const { name } = await known(c.req.param("name"));
    const { trials, ...rest } = await store!.loadStudy(name);
    const detail: StudyDetail = { ...rest, trials: trials.map(toTrialJson) };
    c.header("cache-control", "no-store");
    return c.json(detail);
  });

  app.get("/api/studies/:name/events", async (c) => {
    const { id } = await known(c.req.param("name"));
    const from = c.req.query("from") ?? "0";
    if (!/^\d{1,15}$/.test(from)) {
      throw new ApiError("usage", {
        en: "from: must be a revision, got something else. Leave it out for all trials.",
        ja: "from にはリビジョン番号を指定してください。すべての試行が必要なら省略します。",
      });
    }
    const at = resumeAt(c.req.header("last-event-id"), Number(from));
    return sseResponse((signal) => streams!.of(id, at, signal), closing);
  });

  app.post("/api/studies/:name/resume", async (c) => {
    const study = await known(c.req.param("name"));
    const { trials } = await bodyOf(c);
    hub!.resume(await store!.study(study.name), trials);
    return c.body(null, 204);
  });

  app.post("/api/studies/:name/stop", async (c) => {
    await hub!.stop(await known(c.req.param("name")));
    return c.body(null, 204);
  });

  app.delete("/api/studies/:name", async (c) => {
    // One whose row is damaged can be deleted too; whether a trial that runs has somebody who runs it the store knows.
    const { name } = await known(c.req.param("name"), ({ name }) => ({ name }));
    await store!.deleteStudy(name).catch((error) => {
      throw error instanceof StudyAtWorkError ? new ApiError("conflict", error.text) : error;
    });
    return c.body(null, 204);
  });

  /** A study of the store. @param otherwise what is given for one whose row is damaged @throws ApiError */
  async function known<D = never>(name: string, otherwise?: (damaged: DamagedStudy) => D): Promise<StudySummary | D> {
    const damaged: DamagedStudy[] = [];
    const studies = name.length > 500 ? [] : ((await store?.studies((study) => damaged.push(study))) ?? []);
    const found = studies.find((study) => study.name === name);
    const bad = damaged.find((study) => study.name === name);
    if (bad !== undefined && otherwise !== undefined) {
      return otherwise(bad);
    }
    if (bad !== undefined) {
      throw new ApiError("fault", damagedStudyText(bad));
    }
    if (found === undefined) {
      throw new ApiError("missing", {
        en: "study: must be the name of a study in the store, got another. See /api/studies.",
        ja: "その名前の探索はストアにありません。一覧は /api/studies にあります。",
      });
    }
    return found;
  }
}
