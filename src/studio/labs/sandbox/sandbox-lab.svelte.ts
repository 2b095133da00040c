import { untrack } from "svelte";
import type { Snapshot } from "../../../core/snapshot.ts";
import type { Text } from "../../../core/text.ts";
import type { OwnData } from "../../../experiments/sandbox/prepare.ts";
import { sandbox } from "../../../experiments/sandbox/sandbox.ts";
import type { Engine, RunHandle } from "../../state/engine.ts";
import { pageEngine } from "../../state/page-engine.ts";
import { Session } from "../../state/session.svelte.ts";
import { outliving, type Studio } from "../../state/studio.svelte.ts";
import { type DataSummary, dataKey, isSummary, summaryOf } from "./data-summary.ts";
import { TableAtHand } from "./table-at-hand.svelte.ts";

/** Milliseconds after the last change before the network is trained again. */
const settle = 250;
/** Iterations a second at first: a person wants to see the boundary move. */
const watchable = 200;

/** The sandbox of a studio: its session, the data that no link holds, and what was last seen of the network. */
export class SandboxLab {
  readonly session: Session;
  /** The page's own, wherever the studio's other runs happen: only the page has the data. */
  readonly engine: Engine;
  /** The table that was given. */
  readonly table = new TableAtHand(() => {
    this.dataChanged();
    this.settingsChanged();
  });
  /** The images that were given; replaced as a whole. */
  images = $state.raw<(OwnData & { kind: "idx" }) | null>(null);
  /** The newest look at the network of the run at hand. */
  latest = $state.raw<Snapshot | null>(null);
  /** Every change trains again at once, at full speed; those runs are not kept. */
  live = $state(true);
  /** Which run that was. */
  private latestOf = $state<string | null>(null);
  private model = $state.raw<Uint8Array | null>(null);
  private timer = $state(0);
  /** Whether the next run begins with the network of the one before. */
  private goesOn = false;
  private restarting = false;
  private changed = $state(false);

  constructor(studio: Studio) {
    this.engine = this.engineOf(studio);
    this.session = new Session(sandbox, () => this.engine);
    this.session.speed = watchable;
    this.session.onAsked = () => this.calledOff();
  }

  /** What a person gave of the kind of data at hand. */
  get own(): OwnData | null {
    const { data } = this.session.settings;
    return data === "csv" ? this.ownTable : data === "idx" ? this.images : null;
  }
  private readonly ownTable: OwnData | null = $derived(
    this.table.used === null ? null : { kind: "csv", table: this.table.used },
  );

  /** The data in numbers, or why there is none. */
  readonly summary: DataSummary | Text = $derived.by(() => {
    void this.key;
    const { own } = this;
    return untrack(() => summaryOf(this.session.settings, own));
  });
  /** Changes with the settings that decide the data, and with no other. */
  readonly key: string = $derived.by(() => dataKey(this.session.settings));

  /** Whether a run takes a moment only, so that a change may begin one. */
  private get quick(): boolean {
    const { summary } = this;
    return isSummary(summary) && summary.plane !== null;
  }

  /** What is shown of the network: the newest, or what was seen last at the iteration one has scrubbed to. */
  get shown(): Snapshot | null {
    const { position, snapshots, runId, status } = this.session;
    if (status === "idle") {
      return null;
    }
    if (position === null) {
      return this.seenOf(runId) ? this.latest : null;
    }
    const seen = snapshots.runs.flatMap((run) => snapshots.of(run));
    return seen.findLast(({ step }) => step <= position) ?? seen[0] ?? null;
  }

  /** The network as a model, as new as it came: of the run at hand, or of the one before while it begins. */
  get answering(): Uint8Array | null {
    return this.seenOf(this.session.runId) ? this.model : null;
  }

  /** One may have taken another run from the shelf; while a run begins, what was seen before stays. */
  private seenOf(runId: string | null): boolean {
    return runId === null || runId === this.latestOf;
  }

  /**
   * Something that decides the run has changed: trains again when the page is live.
   * @param only `points`: more or fewer of them on the same plane, so that the network goes on from where it is
   */
  settingsChanged(only?: "points"): void {
    if (!this.live || !this.quick || this.session.status === "paused") {
      return;
    }
    // Of several changes within the time one that needs a new network goes before the others.
    this.goesOn = only === "points" && (this.timer === 0 || this.goesOn);
    this.soon();
  }

  /** Whether a change has been seen whose training begins in a moment. */
  get coming(): boolean {
    return this.timer !== 0 || this.changed;
  }

  /** Trains once as the page opens, unless a person has begun a run by then. */
  openTrained(): void {
    if (!this.live || !this.quick) {
      return;
    }
    this.soon(() => !this.session.busy);
  }

  /** Trains once nothing has changed for a moment, if that is still wanted then. */
  private soon(wanted: () => boolean = () => this.live): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      if (wanted()) {
        void this.again();
      }
    }, settle);
  }

  /** What was seen no longer fits the data, nor does the run at hand. */
  dataChanged(): void {
    if (this.live && this.quick && this.session.status !== "paused") {
      // In a moment the network is trained on the new data: until then the old picture is better than none.
      return;
    }
    this.forgetSeen();
    void this.session.forget().then(() => this.forgetSeen());
  }

  private forgetSeen(): void {
    this.latest = null;
    this.model = null;
  }

  /** A person has begun a run, of all that was changed until then: it is the one to see. */
  private calledOff(): void {
    clearTimeout(this.timer);
    this.timer = 0;
    this.changed = false;
  }

  private async again(): Promise<void> {
    this.changed = true;
    if (this.restarting) {
      return;
    }
    this.restarting = true;
    while (this.changed) {
      await this.session.stop();
      this.changed = false;
      if (!this.quick || !this.session.sound) {
        // The data have gone since this was asked for: their file was refused. Or something is being typed.
        break;
      }
      void this.session.run({ kept: false });
      // More changes in this time are one run more.
      await new Promise((resolve) => setTimeout(resolve, settle));
    }
    this.restarting = false;
  }

  private engineOf(studio: Studio): Engine {
    const inner = pageEngine(studio.shelf.shelf);
    return {
      kind: "page",
      start: async (request, options) => {
        // Begun by a change, not by a person: it goes fast and off the shelf.
        const quick = options.kept === false;
        if (!quick) {
          this.forgetSeen();
        }
        const { own } = this;
        const given = own?.kind !== request.settings.data ? {} : { own };
        const { parameters, step } = this.latest ?? {};
        const from =
          quick && this.goesOn && parameters !== undefined ? { parameters, step: (step ?? 0) + 1 } : undefined;
        this.goesOn = false;
        const handle = await inner.start(
          { ...request, attach: { ...given, ...(from === undefined ? {} : { from }) } },
          options,
        );
        return this.watched(handle, quick);
      },
    };
  }

  /** Passes a run on, with a look at its snapshots; a quick one is never slowed. */
  private watched(handle: RunHandle, quick: boolean): RunHandle {
    const { pace } = handle;
    this.latestOf = handle.id;
    const look = (snapshot: Snapshot) => {
      this.latest = snapshot;
      this.model = snapshot.model ?? this.model;
    };
    return {
      ...handle,
      get trouble() {
        return handle.trouble;
      },
      pace: { ...pace, speed: (speed) => pace.speed(quick ? null : speed) },
      events: (async function* () {
        for await (const event of handle.events) {
          if (event.event.kind === "snapshot") {
            const { model: _, ...rest } = event.event.snapshot;
            look(event.event.snapshot);
            // A session keeps many looks, of which one network is enough.
            yield { ...event, event: { ...event.event, snapshot: rest } };
          } else {
            yield event;
          }
        }
      })(),
    };
  }
}

const labs = new WeakMap<Studio, SandboxLab>();

/** The one sandbox of a studio: a run goes on while one looks at another page. */
export function sandboxLabOf(studio: Studio): SandboxLab {
  let lab = labs.get(studio);
  if (lab === undefined) {
    lab = outliving(() => new SandboxLab(studio));
    labs.set(studio, lab);
  }
  return lab;
}
