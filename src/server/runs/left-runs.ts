import type { RunNote } from "../../core/note.ts";
import type { Told } from "../../core/text.ts";
import type { RunStore, RunWriter, StoredRunSummary } from "../../store/runs/run-store.ts";
import { mayPass } from "../../store/sqlite-errors.ts";
import type { StorePatience } from "./store-patience.ts";

/** A run whose process died so often in a row, without anything new recorded, is not gone on with. */
const mostAttempts = 3;

export interface LeftRunsOptions {
  readonly store: RunStore;
  readonly patience: StorePatience;
  /** Begins to execute the rest of a run; gives the reason when it cannot be gone on with. */
  readonly goOn: (run: StoredRunSummary, writer: RunWriter) => Told | null;
  readonly changed: () => void;
  readonly log: (line: string) => void;
  /** How often in a row a run may end its process without recording anything new; 3 when absent. */
  readonly attempts?: number;
}

/** Runs that a server left behind when it died, until this one goes on with them or cannot. */
export class LeftRuns {
  private readonly options: LeftRunsOptions;
  private readonly ids = new Set<string>();

  constructor(options: LeftRunsOptions) {
    this.options = options;
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }

  /** Goes on with all that can be gone on with. Gives the ids of those that are by now. */
  async takeOver(): Promise<string[]> {
    const abandoned = this.options.store.abandoned("server");
    // Before anything is waited for: whoever asks meanwhile must not be told that they have ended.
    for (const { id } of abandoned) {
      this.ids.add(id);
    }
    const resumed: string[] = [];
    for (const run of abandoned) {
      if (await this.take(run)) {
        resumed.push(run.id);
      }
    }
    return resumed;
  }

  /** Whether a run is gone on with now. For one whose disk takes nothing at the moment nobody waits. */
  private async take(run: StoredRunSummary): Promise<boolean> {
    const { store, patience, log } = this.options;
    const resume = () => store.resume(run.id);
    try {
      return this.decide(run, await patience.whenFree(resume));
    } catch (error) {
      // Another that passes by has it, or its disk is full.
      if (!mayPass(error)) {
        this.letGo(run.id);
        return false;
      }
      log(`run ${run.id} cannot be gone on with yet: ${(error as Error).message}`);
      void patience.insist(resume).then(
        (writer) => this.decide(run, writer),
        () => this.letGo(run.id),
      );
      return false;
    }
  }

  /** Goes on with a run that is this process's now, or marks it as one that cannot be. */
  private decide(run: StoredRunSummary, writer: RunWriter): boolean {
    const { attempts = mostAttempts, goOn, log } = this.options;
    const wornOut = writer.attempts >= attempts;
    const reason = wornOut ? endedItsProcess(attempts) : goOn(run, writer);
    if (reason === null) {
      this.letGo(run.id);
      return true;
    }
    log(`run ${run.id} cannot be gone on with: ${reason.en}`);
    void this.mark(run, writer, { kind: wornOut ? "failed" : "interrupted", reason });
    return false;
  }

  private async mark(
    run: StoredRunSummary,
    writer: RunWriter,
    { kind, reason }: { readonly kind: "failed" | "interrupted"; readonly reason: Told },
  ): Promise<void> {
    const { patience, log } = this.options;
    const note: RunNote = { kind, run: run.experiment, tags: {}, message: reason.en, text: reason };
    try {
      await patience.insist(() => writer.append([{ task: 0, event: { kind: "note", note } }]));
      await patience.insist(() => writer.finish(kind, run.seconds));
    } catch (error) {
      log(`the end of run ${run.id} is not recorded: ${(error as Error).message}`);
    }
    this.letGo(run.id);
  }

  private letGo(id: string): void {
    this.ids.delete(id);
    this.options.changed();
  }
}

/** @param times in a row */
function endedItsProcess(times: number): Told {
  return {
    en: `The process that trained it ended without a word ${times} times in a row, with nothing new recorded: most likely the memory ran out. Begin a new run with a smaller network or smaller batches.`,
    ja: `訓練中のプロセスが${times}回続けて、新しい記録を残さずに突然終了しました。メモリが足りなかった可能性があります。ネットワークかバッチを小さくして、新しく実行してください。`,
  };
}
