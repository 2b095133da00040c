import { DataError } from "../core/errors.ts";
import type { Told } from "../core/text.ts";
import type { PlanePoints } from "./toy.ts";

/** A point drawn by hand: x, y in [−1, 1], a class in [0, {@link drawnLimits}.classes). */
export interface DrawnPoint {
  readonly x: number;
  readonly y: number;
  readonly label: number;
}

/** Bounds that keep a drawing within a link. */
export const drawnLimits = { points: 600, classes: 6 } as const;

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const steps = 1023;

/** Four characters a point, fit for an address: 4 bits of class, 10 bits of x, 10 bits of y. */
export function encodePoints(points: readonly DrawnPoint[]): string {
  return points
    .map(({ x, y, label }) => {
      const bits = (label << 20) | (level(x) << 10) | level(y);
      return [18, 12, 6, 0].map((shift) => alphabet[(bits >> shift) & 63]).join("");
    })
    .join("");
}

/** @throws DataError when the text is not one that {@link encodePoints} wrote */
export function decodePoints(text: string): DrawnPoint[] {
  if (text.length % 4 !== 0 || text.length / 4 > drawnLimits.points) {
    throw broken({ en: `${text.length} characters`, ja: `${text.length} 文字ありました` });
  }
  const points: DrawnPoint[] = [];
  for (let i = 0; i < text.length; i += 4) {
    let bits = 0;
    for (let j = i; j < i + 4; j++) {
      const value = alphabet.indexOf(text[j]);
      if (value < 0) {
        throw broken({ en: `character ${j + 1}, "${text[j]}"`, ja: `${j + 1} 文字目が "${text[j]}" でした` });
      }
      bits = bits * 64 + value;
    }
    const label = bits >> 20;
    if (label >= drawnLimits.classes) {
      throw broken({ en: `class ${label}`, ja: `クラス ${label} がありました` });
    }
    points.push({ x: placeOf((bits >> 10) & 1023), y: placeOf(bits & 1023), label });
  }
  return points;
}

/** The points as a set; a class between others may be empty. */
export function planePoints(points: readonly DrawnPoint[]): PlanePoints {
  return {
    xy: Float32Array.from(points.flatMap(({ x, y }) => [x, y])),
    labels: Uint8Array.from(points, ({ label }) => label),
    classes: points.reduce((most, { label }) => Math.max(most, label + 1), 0),
  };
}

function level(place: number): number {
  return Math.min(steps, Math.max(0, Math.round(((place + 1) / 2) * steps)));
}

function placeOf(value: number): number {
  return (2 * value) / steps - 1;
}

function broken(got: Told): DataError {
  return new DataError({
    en: `drawn points: must be four characters of A–Z, a–z, 0–9, - and _ for each of at most ${drawnLimits.points} points, got ${got.en}. Draw them again.`,
    ja: `描いた点: 1点を A–Z、a–z、0–9、-、_ の4文字で表し、${drawnLimits.points} 点までです(${got.ja})。描き直してください。`,
  });
}
