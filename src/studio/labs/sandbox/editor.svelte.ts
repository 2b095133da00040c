import type { Labels } from "../../../data/dataset.ts";
import { type DrawnPoint, decodePoints, drawnLimits, encodePoints } from "../../../data/drawn-points.ts";
import { drawnSquare, type Plane } from "../../../experiments/sandbox/prepare.ts";
import type { Session } from "../../state/session.svelte.ts";

/** Points as the plane shows them. */
export interface ShownPoints {
  /** [n · 2] */
  readonly xy: Float32Array | Float64Array;
  readonly labels: Labels;
  /** The numbers that are told, and the least and largest of them; absent of classes. */
  readonly values?: Plane["values"];
  /** The first so many are filled. */
  readonly trainRows: number;
  readonly x: readonly [low: number, high: number];
  readonly y: readonly [low: number, high: number];
}

/** Distance between two points of a stroke, the reach of the eraser, and of an arrow key: the square is 2 wide. */
const spacing = 0.07;
const reach = 0.1;
const keyStep = 0.05;

/** Points drawn by hand: with mouse, finger or keys. They are kept in the setting `drawn`, and so in the link. */
export class DrawingEditor {
  private readonly session: Session;
  /** The class drawn with; null erases. */
  tool = $state<number | null>(0);
  /** Where the keyboard is; null until a key is used. */
  cursor = $state.raw<readonly [x: number, y: number] | null>(null);
  /** The points of a stroke that is being made: the setting changes when it ends. */
  private stroke = $state.raw<readonly DrawnPoint[] | null>(null);
  private last: readonly [number, number] | null = null;
  private readonly kept: readonly DrawnPoint[] = $derived.by(() => decodePoints(String(this.session.settings.drawn)));

  constructor(session: Session) {
    this.session = session;
  }

  get points(): readonly DrawnPoint[] {
    return this.stroke ?? this.kept;
  }

  /** They, as a plane shows them: all are trained with. */
  get shown(): ShownPoints {
    const { points } = this;
    return {
      xy: Float32Array.from(points.flatMap(({ x, y }) => [x, y])),
      labels: Uint8Array.from(points, ({ label }) => label),
      trainRows: points.length,
      x: drawnSquare,
      y: drawnSquare,
    };
  }

  /** Whether a stroke is being made. */
  get busy(): boolean {
    return this.stroke !== null;
  }

  get full(): boolean {
    return this.points.length >= drawnLimits.points;
  }

  begin(at: readonly [number, number]): void {
    this.stroke = this.kept;
    this.last = null;
    this.moved(at);
  }

  moved(at: readonly [number, number]): void {
    if (this.stroke === null) {
      return;
    }
    if (this.tool === null) {
      this.stroke = without(this.stroke, at, reach);
    } else if (this.last === null || Math.hypot(at[0] - this.last[0], at[1] - this.last[1]) >= spacing) {
      this.last = at;
      this.stroke = this.withPoint(this.stroke, at, this.tool);
    }
  }

  end(): void {
    if (this.stroke !== null) {
      const points = this.stroke;
      this.stroke = null;
      this.commit(points);
    }
  }

  clear(): void {
    this.commit([]);
  }

  replace(points: readonly DrawnPoint[]): void {
    this.commit(points.slice(0, drawnLimits.points));
  }

  hideCursor(): void {
    this.cursor = null;
  }

  /** Arrow keys (with Shift in larger steps), Space or Enter, Delete or Backspace, digits. */
  key(event: KeyboardEvent): void {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    const at = this.cursor ?? [0, 0];
    if (move !== undefined) {
      const step = event.shiftKey ? 4 * keyStep : keyStep;
      const within = (value: number) => Math.min(1, Math.max(-1, Math.round(value / keyStep) * keyStep));
      this.cursor = this.cursor === null ? [0, 0] : [within(at[0] + move[0] * step), within(at[1] + move[1] * step)];
    } else if (event.key === " " || event.key === "Enter") {
      this.cursor = at;
      this.commit(this.tool === null ? without(this.kept, at, reach) : this.withPoint(this.kept, at, this.tool));
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.commit(without(this.kept, at, reach));
    } else if (/^[1-6]$/.test(event.key)) {
      this.tool = Number(event.key) - 1;
    } else {
      return;
    }
    event.preventDefault();
  }

  private withPoint(
    points: readonly DrawnPoint[],
    [x, y]: readonly [number, number],
    label: number,
  ): readonly DrawnPoint[] {
    const inside = Math.abs(x) <= 1.1 && Math.abs(y) <= 1.1;
    const clip = (value: number) => Math.min(1, Math.max(-1, value));
    return !inside || points.length >= drawnLimits.points ? points : [...points, { x: clip(x), y: clip(y), label }];
  }

  private commit(points: readonly DrawnPoint[]): void {
    this.session.set("drawn", encodePoints(points));
  }
}

function without(
  points: readonly DrawnPoint[],
  [x, y]: readonly [number, number],
  distance: number,
): readonly DrawnPoint[] {
  return points.filter((point) => Math.hypot(point.x - x, point.y - y) > distance);
}
