import type { Intermediate } from "../../src/core/trial.ts";
import type { SqlDatabase } from "../../src/store/studies/sql-database.ts";
import { SqlStudyStore, type SqlStudyStoreOptions } from "../../src/store/studies/sql-study-store.ts";
import {
  type ClaimedTrial,
  type ClaimOptions,
  type KnownTrials,
  type Lease,
  type Outcome,
  type ReleaseOptions,
  StaleAttemptError,
} from "../../src/store/studies/study-store.ts";
import type { Moment } from "./plan.ts";
import { keyOf, type StudyModel } from "./study-model.ts";
import type { SimProcess } from "./world.ts";

/** The store as one process has it; the model hears what is asked of it and what it answers. */
export class WatchedStore extends SqlStudyStore {
  private readonly model: StudyModel;
  private readonly process: SimProcess;

  constructor(
    database: SqlDatabase,
    options: SqlStudyStoreOptions,
    { model, process }: { readonly model: StudyModel; readonly process: SimProcess },
  ) {
    super(database, options);
    this.model = model;
    this.process = process;
  }

  override async claim(study: number, options: ClaimOptions): Promise<ClaimedTrial | null> {
    const { sample } = options;
    const claimed = await super.claim(study, {
      ...options,
      ...(sample === undefined
        ? {}
        : {
            sample: (view: KnownTrials, number: number, attributes: Readonly<Record<string, unknown>>) => {
              this.model.sampling(number, view);
              this.process.world.onMoment("draw", this.process);
              this.process.world.onMoment("draw", this.process);
              return sample(view, number, attributes);
            },
          }),
    });
    if (claimed !== null) {
      this.heard(
        "claim",
        () => `begins ${keyOf(claimed)}, has seen ${claimed.seen}`,
        () => this.model.claimed(claimed),
      );
    }
    return claimed;
  }

  override async view(study: number, options?: { readonly except?: readonly number[] }): Promise<KnownTrials> {
    const view = await super.view(study, options);
    this.heard(null, undefined, () => this.model.looked(view.running));
    return view;
  }

  override async report(lease: Lease, values: readonly Intermediate[]): Promise<void> {
    this.model.sending(lease, values);
    await super.report(lease, values);
    this.heard(
      "report",
      () => `reports ${keyOf(lease)}: steps ${values.map(({ step }) => step)}`,
      () => this.model.keptReports(lease, values),
    );
  }

  override async checkpoint(lease: Lease, bytes: Uint8Array): Promise<void> {
    await super.checkpoint(lease, bytes);
    this.heard(
      "checkpoint",
      () => `leaves a checkpoint of ${keyOf(lease)}`,
      () => {},
    );
  }

  override async heartbeat(leases: readonly Lease[], leaseMs: number): Promise<Lease[]> {
    const stale = await super.heartbeat(leases, leaseMs);
    this.heard("beat", undefined, () => {});
    return stale;
  }

  override async finish(lease: Lease, outcome: Outcome): Promise<void> {
    this.model.finishing(lease, outcome);
    await this.refusing(lease, [outcome.state], () => super.finish(lease, outcome));
    this.heard(
      "finish",
      () => `finishes ${keyOf(lease)} as ${outcome.state}`,
      () => this.model.finished(lease, outcome),
    );
  }

  override async release(lease: Lease, options?: ReleaseOptions): Promise<void> {
    this.model.givingBack(lease);
    this.mayBeLost(lease, options);
    await this.refusing(lease, ["released"], () => super.release(lease, options));
    this.heard(
      "release",
      () => `gives ${keyOf(lease)} back${options?.lost === true ? " as lost" : ""}`,
      () => {},
    );
  }

  /** A process that is stopped in good order loses nothing. */
  private mayBeLost(lease: Lease, options: ReleaseOptions | undefined): void {
    if (options?.lost === true && !this.process.threadDied && this.process.alive) {
      this.process.world.violate(`${this.process.name} gave ${keyOf(lease)} back as lost, and no thread had died`);
    }
  }

  private async refusing(lease: Lease, wanted: readonly string[], action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (error instanceof StaleAttemptError) {
        this.heard(
          null,
          () => `is refused ${keyOf(lease)}`,
          () => this.model.refused(lease, wanted),
        );
      }
      throw error;
    }
  }

  /** What a process that is dead by now has heard, nobody has. */
  private heard(moment: Moment | null, line: (() => string) | undefined, tell: () => void): void {
    if (this.process.alive) {
      if (line !== undefined) {
        this.process.world.trace(() => `${this.process.name} ${line()}`);
      }
      tell();
      if (moment !== null) {
        this.process.world.onMoment(moment, this.process);
      }
    }
  }
}
