import type { PlanePlace } from "../../figure/drawing/plane-place.ts";
import { language } from "../state/language.svelte.ts";
import type { Zoom } from "./figure-view.ts";
import { type Crosshair, crosshairAt, nearestStop, stopsOf } from "./reading.ts";

/** A rectangle between two corners, in pixels of the figure. */
export interface Drag {
  readonly panel: number;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

interface Held {
  readonly stage: () => HTMLElement;
  /** By the panels' places in the figure; null for those without axes. */
  readonly planes: () => readonly (PlanePlace | null)[];
  /** A part of a panel is to be shown. */
  readonly onzoom: (panel: number, part: Zoom) => void;
  readonly onwhole: () => void;
}

/** Pixels a pointer may tremble without meaning to drag. */
const tremble = 8;
/** Pixels about a panel that still belong to it. */
const rim = 6;

/** What a pointer and keys do on a figure: read values along x, and choose the part that is shown. */
export class FigureHand {
  private readonly held: Held;
  /** Where the crosshair stands; kept as a value, so that it stays in place while curves grow. */
  private cursor = $state.raw<{ readonly panel: number; readonly x: number; readonly pointerY: number | null } | null>(
    null,
  );
  drag = $state.raw<Drag | null>(null);
  readonly planes: readonly PlanePlace[] = $derived.by(() => this.held.planes().filter((place) => place !== null));
  readonly crosshair: Crosshair | null = $derived.by(() => {
    const { cursor } = this;
    const place = this.placeAt(cursor?.panel ?? null);
    return cursor === null || place === null ? null : crosshairAt(place, cursor.x, language.current, cursor.pointerY);
  });
  /** Where values can be read, in the panel at hand. */
  readonly stops: readonly number[] = $derived.by(() => (this.current === null ? [] : stopsOf(this.current)));
  readonly stopIndex = $derived.by(() => (this.cursor === null ? 0 : nearestStop(this.stops, this.cursor.x)));

  constructor(held: Held) {
    this.held = held;
  }

  /** The panel of the crosshair, else the first. */
  private get current(): PlanePlace | null {
    return this.placeAt(this.cursor?.panel ?? null) ?? this.planes[0] ?? null;
  }

  private placeAt(panel: number | null): PlanePlace | null {
    return panel === null ? null : (this.held.planes()[panel] ?? null);
  }

  /** Shows a larger or smaller part of a panel about the crosshair, or about its middle. */
  zoomBy(factor: number): void {
    const { current: place, cursor } = this;
    if (place === null) {
      return;
    }
    const middleX = cursor === null ? (place.left + place.right) / 2 : place.x.at(cursor.x);
    const y = this.crosshair?.readings.find((reading) => Number.isFinite(reading.y))?.y;
    const middleY = Math.min(place.bottom, Math.max(place.top, y ?? (place.top + place.bottom) / 2));
    const around = (middle: number, low: number, high: number, scale: PlanePlace["x"]) =>
      [scale.back(middle + (low - middle) * factor), scale.back(middle + (high - middle) * factor)] as const;
    this.held.onzoom(place.box.index, {
      x: around(middleX, place.left, place.right, place.x),
      y: around(middleY, place.bottom, place.top, place.y),
    });
  }

  press(event: PointerEvent): void {
    const found = this.under(event);
    if (found === null) {
      this.cursor = null;
      return;
    }
    const { place, x, y } = found;
    this.pointAt(place, x, y);
    if (event.pointerType !== "touch" && event.button === 0) {
      this.drag = { panel: place.box.index, x1: x, y1: y, x2: x, y2: y };
      (event.currentTarget as Element).setPointerCapture(event.pointerId);
    }
  }

  move(event: PointerEvent): void {
    const { drag } = this;
    const place = this.placeAt(drag?.panel ?? null);
    if (drag !== null && place !== null) {
      const box = this.held.stage().getBoundingClientRect();
      const x2 = Math.min(place.right, Math.max(place.left, event.clientX - box.left));
      const y2 = Math.min(place.bottom, Math.max(place.top, event.clientY - box.top));
      this.drag = { ...drag, x2, y2 };
      return;
    }
    const found = this.under(event);
    if (found === null) {
      this.cursor = null;
    } else {
      this.pointAt(found.place, found.x, found.y);
    }
  }

  release(): void {
    const { drag } = this;
    const place = this.placeAt(drag?.panel ?? null);
    if (drag !== null && place !== null) {
      const { panel, x1, x2, y1, y2 } = drag;
      const wide = Math.abs(x2 - x1) > tremble;
      const high = Math.abs(y2 - y1) > tremble;
      if (wide || high) {
        this.held.onzoom(panel, {
          x: wide ? [place.x.back(Math.min(x1, x2)), place.x.back(Math.max(x1, x2))] : place.x.domain,
          y: high ? [place.y.back(Math.max(y1, y2)), place.y.back(Math.min(y1, y2))] : place.y.domain,
        });
      }
    }
    this.drag = null;
  }

  cancel(): void {
    this.drag = null;
  }

  leave(event: PointerEvent): void {
    if (this.drag === null && event.pointerType !== "touch") {
      this.cursor = null;
    }
  }

  key(event: KeyboardEvent): void {
    const { current: place, cursor, stops } = this;
    if (event.ctrlKey || event.metaKey || event.altKey || place === null) {
      return;
    }
    const far = Math.max(1, Math.round(stops.length / 10));
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: event.shiftKey ? far : 1,
      ArrowLeft: event.shiftKey ? -far : -1,
      PageUp: far,
      PageDown: -far,
      Home: -stops.length,
      End: stops.length,
    };
    const other: Readonly<Record<string, () => void>> = {
      ArrowDown: () => this.switchPanel(1),
      ArrowUp: () => this.switchPanel(-1),
      "+": () => this.zoomBy(0.6),
      "=": () => this.zoomBy(0.6),
      "-": () => this.zoomBy(1 / 0.6),
      0: this.held.onwhole,
      Escape: () => {
        this.cursor = null;
      },
    };
    const move = moves[event.key];
    if (move !== undefined && stops.length > 0) {
      const from = cursor === null ? (move > 0 ? -1 : stops.length) : this.stopIndex;
      const to = Math.min(stops.length - 1, Math.max(0, from + move));
      this.cursor = { panel: place.box.index, x: stops[to], pointerY: null };
    } else if (other[event.key] !== undefined) {
      other[event.key]();
    } else {
      return;
    }
    event.preventDefault();
  }

  private switchPanel(by: number): void {
    const { planes, cursor } = this;
    const at = planes.findIndex((place) => place.box.index === cursor?.panel);
    const next = planes[Math.min(planes.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    const all = stopsOf(next);
    if (all.length > 0) {
      this.cursor = { panel: next.box.index, x: all[nearestStop(all, cursor?.x ?? all[0])], pointerY: null };
    }
  }

  /** The panel under a pointer, and where in the figure it is. */
  private under(event: PointerEvent): { place: PlanePlace; x: number; y: number } | null {
    const box = this.held.stage().getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const place = this.planes.find(
      ({ left, right, top, bottom }) => x >= left - rim && x <= right + rim && y >= top - rim && y <= bottom + rim,
    );
    return place === undefined ? null : { place, x, y };
  }

  private pointAt(place: PlanePlace, x: number, y: number): void {
    const stops = stopsOf(place);
    if (stops.length > 0) {
      const scattered = !place.panel.layers.some(({ kind }) => kind === "curve");
      const at = place.x.back(Math.min(place.right, Math.max(place.left, x)));
      this.cursor = {
        panel: place.box.index,
        x: scattered ? at : stops[nearestStop(stops, at)],
        pointerY: scattered ? y : null,
      };
    }
  }
}
