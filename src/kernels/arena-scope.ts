import type { Arena } from "../core/arena.ts";
import type { KernelSet } from "./kernels.ts";

/** Arenas that are done with at the same time, such as those of one run: the next run gets their memory. */
export class ArenaScope {
  private readonly arenas: Arena[] = [];

  /** The same kernels; arenas that they open belong to this scope. */
  within(set: KernelSet): KernelSet {
    return {
      name: set.name,
      dtype: set.dtype,
      open: (bytes) => {
        const kernels = set.open(bytes);
        this.arenas.push(kernels.arena);
        return kernels;
      },
    };
  }

  /** Releases them. No tensor of theirs may be used any more. */
  end(): void {
    for (const arena of this.arenas.splice(0)) {
      arena.release();
    }
  }
}
