import { type Context, Hono } from "hono";
import { bodyLimit as limitBody } from "hono/body-limit";
import { compress } from "hono/compress";
import { HyperError, suggestName } from "../core/errors.ts";
import type { Reader } from "../core/json-shape.ts";
import type { Timers } from "../core/timers.ts";
import { version } from "../core/version.ts";
import { chapter, experimentNamed } from "../experiments/registry.ts";
import { renderSvg } from "../figure/svg.ts";
import { runJson, seriesCsv } from "../runs/outputs.ts";
import { DamagedRunError } from "../store/runs/run-rows.ts";
import { type DamagedRun, damagedText, recordOf, type StoredRun } from "../store/runs/run-store.ts";
import { isBusy } from "../store/sqlite-errors.ts";
import type { StudyStore } from "../store/studies/study-store.ts";
import type { PublicAddress } from "./addresses.ts";
import {
  bodyLimit,
  figureQuery,
  finishRequest,
  listQuery,
  marksRequest,
  type RunDetail,
  type RunList,
  recordedRequest,
  recordingRequest,
  resumeStudyRequest,
  runIdPattern,
  type ServerInfo,
  speedRequest,
  startRequest,
  stepRequest,
  watchRequest,
} from "./api.ts";
import { ApiError } from "./api-error.ts";
import { bodyOf, checked, cutOff } from "./request-body.ts";
import { withoutStack } from "./runs/feed.ts";
import type { PageRecordings } from "./runs/page-recordings.ts";
import { whenFree } from "./runs/store-patience.ts";
import { onlyOurs, onlyWithToken, strictHeaders } from "./security.ts";
import { serveFiles, servePieces } from "./static-files.ts";
import { resumeAt, sseResponse } from "./streams/sse.ts";
import { type StreamSources, withLive } from "./streams/store-watch.ts";
import { Streams } from "./streams/streams.ts";
import type { StudyHub } from "./studies/hub.ts";
import { addStudyRoutes } from "./studies/routes.ts";

export interface AppOptions extends StreamSources {
  readonly recordings: PageRecordings;
  /** Searches of the command line; null where there are none. */
  readonly studies: StudyStore | null;
  /** null where there are no studies. */
  readonly studyHub: StudyHub | null;
  /** Folder of the built pages. */
  readonly pages: string;
  /** Folder for the pieces of MNIST that pages read, made when first asked for; absent where the pages bring theirs. */
  readonly pieces?: string;
  readonly info: Omit<ServerInfo, "tanren" | "experiments">;
  /** Names with port under which the server may be asked for. */
  readonly hosts: () => ReadonlySet<string>;
  /** Addresses under which a proxy shows the server. */
  readonly behind: readonly PublicAddress[];
  /** Asked of every request; null for none. */
  readonly token: string | null;
  readonly port: () => number;
  /** Aborts when the server closes: streams end. */
  readonly closing: AbortSignal;
  /** The process's own unless told. */
  readonly timers?: Pick<Timers, "after">;
  /** One line for the person who started the server. */
  readonly log: (line: string) => void;
}

/** The studio's server as a function from request to answer: the API under `/api`, else the files of the pages. */
export function studioApp(options: AppOptions): Hono {
  const { store, hub, watch, closing, log, recordings } = options;
  const app = new Hono();
  const files = serveFiles(options.pages);
  const pieces = options.pieces === undefined ? null : servePieces(options.pieces);
  const streams = new Streams(options);
  const free = <T>(action: () => T) => whenFree(action, undefined, options.timers);

  app.use(strictHeaders);
  app.use(onlyOurs(options.hosts, options.behind));
  if (options.token !== null) {
    app.use(onlyWithToken(options.token, options.port, options.behind));
  }
  app.use(
    limitBody({
      maxSize: bodyLimit,
      onError: () => {
        const text = {
          en: `request: its body must be at most ${bodyLimit} bytes, got more. Send less.`,
          ja: `リクエストの本文は ${bodyLimit} バイトまでです。減らして送ってください。`,
        };
        throw new ApiError("usage", text, 413);
      },
    }),
  );
  const packed = compress({ threshold: 1024 });
  for (const path of [
    "/api/studies",
    "/api/studies/:name",
    "/api/runs",
    "/api/runs/:id",
    "/api/runs/:id/:file{(?:figure\\.svg|series\\.csv|run\\.json)}",
  ]) {
    app.use(path, packed);
  }

  app.get("/api/info", (c) => {
    const info: ServerInfo = { tanren: version, experiments: chapter.map(({ id }) => id), ...options.info };
    return answer(c, info);
  });

  app.get("/api/events", (c) => {
    const last = resumeAt(c.req.header("last-event-id"), -1);
    return sseResponse((signal) => streams.store(last < 0 ? null : last, signal), closing);
  });

  app.get("/api/runs", (c) => {
    const filter = checked(listQuery, c.req.query());
    if (filter.before !== undefined) {
      known(filter.before);
    }
    const damaged: DamagedRun[] = [];
    const runs = store.list({ ...filter, limit: filter.limit + 1, onDamaged: (run) => damaged.push(run) });
    const list: RunList = {
      runs: runs.slice(0, filter.limit).map((run) => withLive(hub, run)),
      more: runs.length > filter.limit,
      ...(damaged.length === 0 ? {} : { damaged }),
    };
    return answer(c, list);
  });

  app.post("/api/runs", async (c) => {
    const request = checked(startRequest, await bodyOf(c));
    return answer(c, withLive(hub, await free(() => hub.start(request))), 201);
  });

  app.get("/api/runs/:id", (c) => {
    const run = store.get(known(c.req.param("id")));
    const detail: RunDetail = { ...run, events: run.events.map(withoutStack), live: hub.live(run.id) };
    return answer(c, detail);
  });

  app.patch("/api/runs/:id", async (c) => {
    const id = known(c.req.param("id"));
    const marks = checked(marksRequest, await bodyOf(c));
    const named = { ...marks, ...(typeof marks.label === "string" ? nameOf(marks.label) : {}) };
    const run = await free(() => store.annotate(id, named));
    watch.poke();
    return answer(c, withLive(hub, run));
  });

  app.delete("/api/runs/:id", async (c) => {
    const id = known(c.req.param("id"));
    if (isRunning(id) || hub.live(id) !== null) {
      throw new ApiError("conflict", {
        en: `run: must have ended to be deleted, got ${id}, which still runs. Stop it first.`,
        ja: `${id} は実行中のため削除できません。先に停止してください。`,
      });
    }
    await free(() => store.delete(id));
    watch.poke();
    return c.body(null, 204);
  });

  app.get("/api/runs/:id/events", (c) => {
    const id = known(c.req.param("id"));
    const from = c.req.query("from");
    if (from !== undefined && !/^\d{1,15}$/.test(from)) {
      throw new ApiError("usage", {
        en: "from: must be the number of a chunk, got something else. Leave it out for all.",
        ja: "from には区切りの番号を指定してください。すべて必要なら省略します。",
      });
    }
    const at = resumeAt(c.req.header("last-event-id"), Number(from ?? 0));
    return sseResponse((signal) => streams.run(id, at, signal), closing);
  });

  steer("stop", null, (id) => hub.stop(id));
  steer("pause", null, (id) => hub.control(id).pause());
  steer("resume", null, (id) => hub.control(id).resume());
  steer("step", stepRequest, (id, { iterations }) => hub.control(id).step(iterations));
  steer("speed", speedRequest, (id, { perSecond }) => hub.control(id).slowTo(perSecond));
  steer("watch", watchRequest, (id, wanted) => hub.control(id).look(wanted));

  app.post("/api/recordings", async (c) => {
    const { info, id } = checked(recordingRequest, await bodyOf(c));
    if (id !== undefined && isThere(id)) {
      throw new ApiError("conflict", {
        en: `run: must have an id of its own, got ${id}, which is there already.`,
        ja: `ID ${id} の実行はすでに記録されています。`,
      });
    }
    const run = await free(() => recordings.begin(info, id));
    watch.poke();
    return answer(c, withLive(hub, run), 201);
  });
  app.post("/api/recordings/:id/events", async (c) => {
    const { number, events } = checked(recordedRequest, await bodyOf(c));
    const id = known(c.req.param("id"));
    await free(() => recordings.append(id, number, events));
    watch.poke();
    return c.body(null, 204);
  });
  app.post("/api/recordings/:id/finish", async (c) => {
    const id = known(c.req.param("id"));
    const { status, seconds } = checked(finishRequest, await bodyOf(c));
    await free(() => recordings.finish(id, status, seconds));
    return steered(c, id);
  });

  app.get("/api/runs/:id/run.json", (c) => download(c, "run.json", "application/json", runJson(exported(c)).contents));
  app.get("/api/runs/:id/series.csv", (c) => download(c, "series.csv", "text/csv", seriesCsv(exported(c)).contents));
  app.get("/api/runs/:id/figure.svg", (c) => {
    const record = exported(c);
    const { lang, figure, width } = checked(figureQuery, c.req.query());
    const figures = experimentNamed(record.experiment).figures(record);
    const chosen = figure === undefined ? figures[0] : figures.find(({ id }) => id === figure);
    if (chosen === undefined) {
      const ids = figures.map(({ id }) => id);
      const known = suggestName(figure ?? "", ids);
      throw new ApiError("missing", {
        en: `figure: must be one of this run's, got "${figure}". ${known.en}`,
        ja: `figure: この実行に "${figure}" という図はありません。${known.ja}`,
      });
    }
    const svg = renderSvg(chosen, { language: lang, width });
    return download(c, "figure.svg", "image/svg+xml", `${svg}\n`);
  });

  addStudyRoutes(app, {
    store: options.studies,
    hub: options.studyHub,
    closing,
    bodyOf: async (c) => checked(resumeStudyRequest, await bodyOf(c)),
  });

  app.all("/api/*", () => {
    throw new ApiError("missing", {
      en: "api: must be a path and method of it, got another. See docs/studio-server.md.",
      ja: "この API はありません。パスとメソッドは docs/studio-server.md にあります。",
    });
  });

  app.on(["GET", "HEAD"], "*", async (c) => {
    // As it was sent: what decodes to another path is checked there.
    const { pathname } = new URL(c.req.url);
    const { headers } = c.req.raw;
    return (await files(pathname, headers)) ?? (await pieces?.(pathname, headers)) ?? c.notFound();
  });

  app.notFound(() => {
    const text = {
      en: "page: must be a file of the studio, got another path. Open /",
      ja: "このページはスタジオにありません。/ を開いてください。",
    };
    return new ApiError("missing", text).response;
  });
  app.onError((error) => {
    if (error instanceof ApiError) {
      return error.response;
    }
    if (["ECONNRESET", "ERR_STREAM_PREMATURE_CLOSE"].includes((error as NodeJS.ErrnoException).code ?? "")) {
      // Its sender has gone in the middle of it; nobody reads this.
      return cutOff().response;
    }
    if (error instanceof DamagedRunError) {
      return new ApiError("fault", damagedText(error.damaged)).response;
    }
    if (isBusy(error)) {
      return new ApiError("busy", {
        en: "store: must be free to write, got a lock that another process holds. Try again when it has finished.",
        ja: "ほかのプロセスがストアをロックしているため書き込めません。終わってからもう一度試してください。",
      }).response;
    }
    if (error instanceof HyperError) {
      return new ApiError("usage", error.text).response;
    }
    log(error.stack ?? error.message);
    return new ApiError("fault", {
      en: "server: this request failed; its terminal says why. Try again.",
      ja: "サーバーがこのリクエストを処理できませんでした。理由はサーバーの端末に出ています。もう一度試してください。",
    }).response;
  });
  return app;

  /** Adds `POST /api/runs/:id/<command>`, for a run that goes on here. @param read what its body must be; null takes none */
  function steer<T>(command: string, read: Reader<T> | null, act: (id: string, asked: T) => void): void {
    app.post(`/api/runs/:id/${command}`, async (c) => {
      const id = known(c.req.param("id"));
      act(id, read === null ? (undefined as T) : checked(read, await bodyOf(c)));
      return steered(c, id);
    });
  }

  /** A run's id that is in the store. @throws ApiError */
  function known(id: string): string {
    if (runIdPattern.test(id) && isThere(id)) {
      return id;
    }
    throw new ApiError("missing", {
      en: "run: must be the id of a recorded run, got another. It may have been deleted.",
      ja: "その ID の実行は記録にありません。削除されたのかもしれません。",
    });
  }

  function isThere(id: string): boolean {
    try {
      store.summary(id);
      return true;
    } catch (error) {
      if (error instanceof DamagedRunError) {
        return true;
      }
      if ((error as Error).cause !== undefined) {
        throw error;
      }
      return false;
    }
  }

  /** One that cannot be read does not run: it can be deleted. */
  function isRunning(id: string): boolean {
    try {
      return store.summary(id).status === "running";
    } catch (error) {
      if (error instanceof DamagedRunError) {
        return false;
      }
      throw error;
    }
  }

  function exported(c: Context) {
    const run: StoredRun = store.get(known(c.req.param("id") ?? ""));
    return { ...recordOf(run), events: run.events.map(withoutStack) };
  }

  function steered(c: Context, id: string): Response {
    watch.poke();
    return answer(c, withLive(hub, store.summary(id)));
  }
}

function answer(c: Context, body: object, status: 200 | 201 = 200): Response {
  c.header("cache-control", "no-store");
  return c.json(body, status);
}

function download(c: Context, name: string, type: string, contents: string | Uint8Array): Response {
  const id = c.req.param("id");
  c.header("cache-control", "no-store");
  c.header("content-type", `${type}; charset=utf-8`);
  c.header("content-disposition", `attachment; filename="${id}-${name}"`);
  return c.body(typeof contents === "string" ? contents : new Uint8Array(contents));
}

/** A name without blanks around it; none when nothing is left. */
function nameOf(label: string): { label: string | null } {
  const name = label.trim();
  return { label: name === "" ? null : name };
}
