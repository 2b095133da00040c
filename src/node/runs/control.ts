import type { Watch } from "../../core/snapshot.ts";
import type { PaceState } from "../../runs/pace.ts";
import type { ToThread } from "./thread-protocol.ts";

/** What a person may do with a run that goes on, told to every thread that works on it. */
export class RunControl {
  private readonly listeners = new Set<(message: ToThread) => void>();
  private state: PaceState = { held: false, speed: null };
  private watching: Watch | null = null;
  private ended = false;

  get pace(): PaceState {
    return this.state;
  }

  get held(): boolean {
    return this.state.held && !this.ended;
  }

  get stopped(): boolean {
    return this.ended;
  }

  get watch(): Watch | null {
    return this.watching;
  }

  pause(): void {
    this.set({ ...this.state, held: true });
  }

  resume(): void {
    this.set({ ...this.state, held: false });
  }

  /** So many iterations of each task, then held again. */
  step(iterations: number): void {
    if (!this.state.held) {
      this.pause();
    }
    this.tell({ kind: "step", iterations });
  }

  /** Iterations a second of each task; null is full speed. */
  slowTo(perSecond: number | null): void {
    this.set({ ...this.state, speed: perSecond });
  }

  /** What to look at inside the networks from now on. */
  look(watch: Watch | null): void {
    this.watching = watch;
    this.tell({ kind: "watch", watch });
  }

  stop(): void {
    this.ended = true;
    this.tell({ kind: "stop" });
  }

  /** Calls back with what a thread must be told. Gives the function that ends it. */
  listen(listener: (message: ToThread) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private set(state: PaceState): void {
    this.state = state;
    this.tell({ kind: "pace", pace: state });
  }

  private tell(message: ToThread): void {
    for (const listener of [...this.listeners]) {
      listener(message);
    }
  }
}
