import { saidBy } from "../../core/errors.ts";
import { notesOf } from "../../core/note.ts";
import type { RunRecord } from "../../core/record.ts";
import type { Text } from "../../core/text.ts";
import { seedFigure } from "../../experiments/seeds.ts";
import type { FigureSpec } from "../../figure/figure-spec.ts";
import type { Experiment } from "../../runs/experiment.ts";
import type { ShelfSummary } from "../../web/shelf/shelf.ts";
import { type IterationClock, recordUntil } from "../figure/curve-options.ts";
import { bookRun } from "./book-run.ts";
import type { Engine, RunHandle, RunRequest } from "./engine.ts";
import {
  bookView,
  type ExperimentState,
  noTeacher,
  type ReadLink,
  type TeacherState,
  type ViewState,
} from "./experiment-link.ts";
import { emptyRecord, GrowingRecord, type RunProgress } from "./growing-record.ts";
import { markGoing } from "./keep.ts";
import { Looks } from "./looks.ts";
import { Newest } from "./newest.ts";
import { SettingsAtHand } from "./settings-at-hand.svelte.ts";
import { Snapshots } from "./snapshots.svelte.ts";
import { type StaleSetting, staleSettings } from "./stale.ts";

/** Where the record at hand comes from: a run of this page, one taken from the shelf, the book's own, shipped with the page. */
export type RecordOrigin = "here" | "shelf" | "book";

export type SessionStatus = "idle" | "loading" | "running" | "paused" | "done" | "failed" | "interrupted";

/**
 * One experiment on a page: its settings, the run at hand, where in its history one looks. Everything that shows it is
 * made from this state; labs get it as their only input.
 */
export class Session extends SettingsAtHand {
  private readonly engine: () => Engine;

  view = $state.raw<ViewState>(bookView);
  teacher = $state.raw<TeacherState>(noTeacher);
  /** Place of the story's step at hand among the lesson's. */
  storyStep = $state(0);
  /** What in the link that opened the page had no meaning. */
  complaints = $state.raw<readonly Text[]>([]);

  status = $state<SessionStatus>("idle");
  /** Whether the run that goes on is one that a person began, or follows: else Run is still theirs to press. */
  asked = $state(true);
  /** The run at hand, or the one taken from the shelf; replaced as it grows. */
  record = $state.raw<RunRecord | null>(null);
  origin = $state<RecordOrigin>("here");
  /** Its id on the shelf. */
  runId = $state<string | null>(null);
  /** Settings and what differs are not told: somebody is finding out which of them is wrong. */
  secret = $state(false);
  /** One record a seed, when several seeds are run. */
  ofSeeds = $state.raw<readonly RunRecord[]>([]);
  /** Iteration the history is scrubbed to; null shows the newest. */
  position = $state<number | null>(null);
  progress = $state.raw<RunProgress>({ done: 0, total: 0, seconds: 0 });
  /** Bytes of the data set that have come, while they come. */
  loading = $state.raw<{ readonly bytes: number; readonly total: number } | null>(null);
  /** Why the last run could not begin or go on. */
  trouble = $state.raw<Text | null>(null);
  /** How often a run was asked for while a control held what is no value. */
  refusals = $state(0);
  /** Iterations a second the run is slowed to; null is full speed. */
  speed = $state<number | null>(null);
  /** What was seen inside the networks, by run. */
  readonly snapshots = new Snapshots();
  /** Whether snapshots are taken: they cost time, so only while somebody wants to see them. */
  watching = $state(false);
  clock = $state.raw<IterationClock>([]);
  /** Takes what a hand has changed and not let go of; a lab that holds it back says how. */
  settle: () => void = () => undefined;
  /** Hears at once that a run to be kept was asked for: what would begin by itself in a moment is not to replace it. */
  onAsked: () => void = () => undefined;

  /** By what name a reload of the tab finds that a run went on; by another than the experiment's it begins none anew. */
  goesBy: string;

  private handle: RunHandle | null = null;
  private stopping: AbortController | null = null;

  /** @param engine where the next run happens */
  constructor(experiment: Experiment, engine: () => Engine) {
    super(experiment);
    this.goesBy = experiment.id;
    this.engine = engine;
  }

  /** The record up to the scrubbed position. */
  readonly shown: RunRecord | null = $derived(this.record && this.untilPosition(this.record));

  /** What is drawn: the experiment's own figures, or the band over several seeds. */
  readonly figures: readonly FigureSpec[] = $derived.by(() => {
    if (this.ofSeeds.length > 1) {
      return [
        seedFigure(
          this.experiment.title,
          this.ofSeeds.map((record) => this.untilPosition(record)),
        ),
      ];
    }
    return this.experiment.figures(this.shown ?? emptyRecord(this.experiment, this.settings, this.seed));
  });

  /** The last iteration that any curve has reached; 0 before the first. */
  readonly reached: number = $derived.by(() => {
    let last = 0;
    for (const { x } of this.record?.series ?? []) {
      last = Math.max(last, x.at(-1) ?? 0);
    }
    return last;
  });

  /** The last iteration that is shown: of a link's place beyond the run's end, the end. */
  readonly at: number = $derived(Math.min(this.position ?? this.reached, this.reached));

  /** In what the record at hand is of something else than the settings at hand; nothing while there is no record. */
  readonly stale: readonly StaleSetting[] = $derived.by(() =>
    this.record === null
      ? []
      : staleSettings(
          this.experiment,
          this.record,
          { settings: this.settings, seed: this.seed, seeds: this.lastSeed, dtype: this.dtype },
          this.ofSeeds[0],
        ),
  );

  /** Starts what the next run needs, so that it begins at once. */
  ready(): void {
    this.engine().ready?.(this);
  }

  get busy(): boolean {
    return this.status === "loading" || this.status === "running" || this.status === "paused";
  }

  /** What a link to this page carries. */
  get state(): ExperimentState {
    const { preset, settings, seed, lastSeed, dtype, backend, position, view, teacher, storyStep } = this;
    return { preset, settings, seed, lastSeed, dtype, backend, at: position, view, teacher, step: storyStep };
  }

  /** Takes over what a link says. */
  open({ state, complaints }: ReadLink): void {
    this.givenBy = {};
    this.preset = state.preset;
    this.settings = state.settings;
    this.seed = state.seed;
    this.lastSeed = state.lastSeed;
    this.dtype = state.dtype;
    this.backend = state.backend;
    this.position = state.at;
    this.view = state.view;
    this.teacher = state.teacher;
    this.storyStep = state.step;
    this.complaints = complaints;
  }

  /** Whether a run that is to be kept has been asked for, and what went on before is being stopped. */
  private beginning = false;

  /**
   * Runs the experiment with the settings at hand, if all are sound; a run that goes on is stopped first.
   * @param options.kept false: on no shelf, and only where nobody presses Run in the same moment
   * @param options.held paused before its first iteration
   */
  async run({ kept = true, held = false }: { readonly kept?: boolean; readonly held?: boolean } = {}): Promise<void> {
    if (!this.sound) {
      this.refusals++;
      return;
    }
    if (!kept && (this.beginning || this.busy)) {
      return;
    }
    const stands = this.wishes.next();
    this.beginning = kept;
    if (kept) {
      this.onAsked();
    }
    await this.stop();
    this.beginning = false;
    if (!stands()) {
      return;
    }
    this.asked = kept;
    this.startsPaused = held;
    const stopping = new AbortController();
    this.stopping = stopping;
    // All seeds run with the settings of this moment: what is changed meanwhile is of the next run.
    const { seeds, experiment, settings, preset, dtype, backend } = this;
    const asked = { experiment, settings, preset, dtype, backend };
    this.trouble = null;
    this.position = null;
    this.ofSeeds = [];
    markGoing(this.goesBy, true);
    try {
      for (const [index, seed] of seeds.entries()) {
        await this.runSeed({ ...asked, seed }, { index, count: seeds.length, kept }, stopping.signal);
        if (stopping.signal.aborted || this.status === "failed") {
          break;
        }
      }
    } catch (error) {
      if (!stopping.signal.aborted) {
        this.fail(error);
      }
    } finally {
      markGoing(this.goesBy, false);
      this.handle = null;
      this.loading = null;
      if (stopping.signal.aborted && this.busy) {
        this.status = "interrupted";
      }
    }
  }

  pause(): void {
    if (this.status === "running") {
      this.handle?.pace.pause();
      this.status = "paused";
    }
  }

  resume(): void {
    if (this.status === "paused") {
      this.handle?.pace.resume();
      this.status = "running";
    }
  }

  /** So many iterations of each network, then a pause; begins the run when none is there that a person began. */
  async step(iterations = 1): Promise<void> {
    if (!this.busy || !this.asked) {
      void this.run({ held: true });
      await this.until(() => !this.beginning && (this.handle !== null || !this.busy));
      if (!this.asked) {
        // Refused: what goes on by itself is none to step through.
        return;
      }
    }
    if (this.status === "running") {
      this.pause();
    }
    this.handle?.pace.step(iterations);
  }

  slowTo(iterationsPerSecond: number | null): void {
    this.speed = iterationsPerSecond;
    this.handle?.pace.speed(iterationsPerSecond);
  }

  /** Looks inside the networks from now on, or no longer. */
  watch(on: boolean): void {
    this.watching = on;
    this.handle?.watch(on);
  }

  /** Ends the run; what was recorded until then is kept. */
  async stop(): Promise<void> {
    // A run that is only followed ends by its own stop, so that its last words still come.
    if (this.following) {
      await this.handle?.stop?.().catch((error: unknown) => {
        this.trouble = saidBy(error);
      });
      await this.until(() => !this.busy);
    }
    this.stopping?.abort();
    await this.until(() => !this.busy);
  }

  /** Forgets the run at hand and goes back to the preset's settings. */
  async reset(): Promise<void> {
    // At once: who presses Run next means these. What a hand has not let go of does not come after them.
    this.settle();
    this.usePreset(this.preset);
    this.seed = 0;
    this.lastSeed = null;
    await this.forget();
  }

  /** Ends the run at hand and shows none; the shelf keeps it. */
  async forget(): Promise<void> {
    const stands = this.wishes.next();
    await this.stop();
    if (stands()) {
      this.clear();
    }
  }

  /** Shows a run that goes on elsewhere, and what it says from now on. */
  async follow(summary: ShelfSummary): Promise<void> {
    const engine = this.engine();
    if (engine.follow === undefined) {
      return;
    }
    if (!(await this.leave(this.wishes.next()))) {
      return;
    }
    this.clear();
    this.trouble = this.take(summary);
    const stopping = new AbortController();
    this.stopping = stopping;
    this.asked = true;
    this.startsPaused = false;
    this.following = true;
    try {
      const before = Math.max(0, (Date.now() - Date.parse(summary.startedAt)) / 1000);
      const handle = engine.follow(summary, stopping.signal);
      await this.consume(handle, { index: 0, count: 1, before }, stopping.signal);
    } catch (error) {
      this.fail(error);
    } finally {
      this.handle = null;
      this.following = false;
      if (stopping.signal.aborted && this.busy) {
        this.status = "idle";
      }
    }
  }

  /** Takes the book's settings and shows its own run, which comes with the page: nothing is trained. */
  async showBook(): Promise<void> {
    const stands = this.wishes.next();
    const record = await bookRun(this.experiment.id);
    if (!stands() || !(await this.leave(stands))) {
      return;
    }
    this.clear();
    this.usePreset("book");
    this.seed = 0;
    this.lastSeed = null;
    if (record !== null) {
      this.place(record, "book");
    }
  }

  /** Shows a run of the shelf, with its settings, unless something else is wished for while it is read. */
  async show(id: string, read: () => Promise<RunRecord | undefined>): Promise<void> {
    const stands = this.wishes.next();
    // Who goes on at once in the run that is shown already would find it begun anew once it has been read again.
    const shown = id === this.runId && !this.busy ? this.record : null;
    const record = shown ?? (await read());
    if (record === undefined || !stands() || !(await this.leave(stands))) {
      return;
    }
    this.clear();
    this.trouble = this.take(record);
    this.place(record, "shelf");
    this.runId = id;
  }

  /** Puts a record in the figure; the settings stay as they are. */
  place(record: RunRecord, origin: Exclude<RecordOrigin, "here">): void {
    this.record = record;
    this.origin = origin;
    this.status = "done";
    this.progress = { done: 1, total: 1, seconds: record.seconds.total };
    // Nobody watched it: it went evenly, as far as is known.
    this.clock = [[this.reached, record.seconds.train]];
  }

  /** Stops a run of this page; one that is only followed goes on. @returns whether what it was left for is wished for still */
  private async leave(stands: () => boolean): Promise<boolean> {
    if (this.following) {
      this.stopping?.abort();
      await this.until(() => !this.busy);
    } else {
      await this.stop();
    }
    return stands();
  }

  /** What is to be seen: a run begun, followed or taken from the shelf, or none. */
  private readonly wishes = new Newest();
  private startsPaused = false;
  /** The run at hand was begun elsewhere and goes on without this page. */
  private following = false;

  private clear(): void {
    this.record = null;
    this.origin = "here";
    this.runId = null;
    this.ofSeeds = [];
    this.position = null;
    this.trouble = null;
    this.status = "idle";
    this.progress = { done: 0, total: 0, seconds: 0 };
    this.clock = [];
    this.snapshots.clear();
  }

  private async runSeed(
    request: RunRequest,
    { kept, ...place }: { readonly index: number; readonly count: number; readonly kept: boolean },
    signal: AbortSignal,
  ): Promise<void> {
    this.status = "loading";
    this.origin = "here";
    this.record = null;
    this.runId = null;
    this.snapshots.clear();
    this.clock = [];
    this.progress = { done: 0, total: 0, seconds: 0 };
    const onLoading = (loading: Session["loading"]) => (this.loading = loading);
    const handle = await this.engine().start(request, { signal, onLoading, watch: this.watching, kept });
    await this.consume(handle, place, signal);
  }

  /** Shows what a run says until it ends. */
  private async consume(
    handle: RunHandle,
    { before, ...place }: { readonly index: number; readonly count: number; readonly before?: number },
    signal: AbortSignal,
  ): Promise<void> {
    this.handle = handle;
    this.loading = null;
    this.runId = handle.id;
    if (this.speed !== null) {
      handle.pace.speed(this.speed);
    }
    if (this.startsPaused) {
      handle.pace.pause();
      this.startsPaused = false;
      this.status = "paused";
    } else {
      this.status = "running";
    }

    const growing = new GrowingRecord(handle, place, before);
    const looks = new Looks(() => {
      const { record, progress, clock } = growing.now;
      this.record = record;
      this.progress = progress;
      this.clock = clock;
    });
    for await (const event of handle.events) {
      growing.add(event);
      if (event.event.kind === "snapshot") {
        this.snapshots.add(event.event.snapshot);
      }
      // What comes last before a pause is shown too.
      looks.soon();
    }
    looks.now();
    const { status: told, seconds } = handle.summary ?? {};
    // The place of the run knows how long it took: this page may have come late, or a line been slow.
    if (seconds !== undefined && seconds.total > 0) {
      this.record = { ...this.record!, seconds };
      this.progress = { ...this.progress, seconds: seconds.total };
    }
    const record = this.record!;
    const [failed] = notesOf(record, "failed");
    this.status =
      signal.aborted || told === "interrupted" ? "interrupted" : failed || told === "failed" ? "failed" : "done";
    if (failed) {
      this.trouble = failed.text ?? failed.message;
    }
    if (handle.trouble !== null) {
      this.trouble = handle.trouble;
    }
    if (!signal.aborted && place.count > 1) {
      this.ofSeeds = [...this.ofSeeds, record];
    }
  }

  private untilPosition(record: RunRecord): RunRecord {
    return this.position === null ? record : recordUntil(record, this.position);
  }

  private fail(error: unknown): void {
    this.trouble = saidBy(error);
    this.status = "failed";
  }

  private async until(condition: () => boolean): Promise<void> {
    // Bounded: a worker that never answers is ended within this time, by the page's engine or, in ten seconds, by a server.
    for (let i = 0; i < 1500 && !condition(); i++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
