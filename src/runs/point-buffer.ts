import type { Tags, TaskEvent } from "../core/record.ts";

/** Collects a run's points, so that they travel some at a time. */
export class PointBuffer {
  private readonly run: string;
  private readonly tags: Tags;
  private pending = new Map<string, { x: number[]; y: (number | null)[] }>();

  constructor(run: string, tags: Tags) {
    this.run = run;
    this.tags = tags;
  }

  /** A number that is not finite is recorded as null. */
  add(metric: string, x: number, y: number): void {
    let points = this.pending.get(metric);
    if (points === undefined) {
      points = { x: [], y: [] };
      this.pending.set(metric, points);
    }
    points.x.push(x);
    points.y.push(Number.isFinite(y) ? y : null);
  }

  /** What has been added since the last call. */
  *flush(): Generator<TaskEvent> {
    for (const [metric, { x, y }] of this.pending) {
      yield { kind: "points", run: this.run, tags: this.tags, metric, x, y };
    }
    this.pending = new Map();
  }
}
