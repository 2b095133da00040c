import { keep, kept } from "../state/keep.ts";

const name = "tanren.read";

/** Which stories were read to their end: kept in this browser. */
class ReadingProgress {
  read = $state.raw<readonly string[]>((kept(name) ?? "").split(",").filter((id) => id !== ""));

  /** The story of an experiment was read to its end. */
  finish(experiment: string): void {
    if (!this.read.includes(experiment)) {
      this.read = [...this.read, experiment];
      keep(name, this.read.join(","));
    }
  }
}

export const progress = new ReadingProgress();
