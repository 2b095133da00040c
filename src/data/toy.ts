import { cos, sin } from "../core/elementary.ts";
import { HyperError } from "../core/errors.ts";
import type { RandomStream } from "../core/random.ts";
import type { Text } from "../core/text.ts";

/** Labelled points of the plane, about within [−1, 1]². */
export interface PlanePoints {
  /** [n · 2]: x, y of each point */
  readonly xy: Float32Array;
  /** [n], in [0, classes) */
  readonly labels: Uint8Array;
  readonly classes: number;
}

export interface ToyOptions {
  readonly points: number;
  /** Standard deviation of what is added to each coordinate; the whole set is 2 wide. */
  readonly noise: number;
  /** For sets that may have any number of classes. */
  readonly classes: number;
}

/** A set of points that a formula draws. */
export interface ToySet {
  /** As in settings: `moons` */
  readonly name: string;
  readonly label: Text;
  /** How many classes, where the set leaves no choice. */
  readonly classes?: number;
  /** One point of a class before the noise; `share` in [0, 1) tells where along its class it lies. */
  readonly place: (
    share: number,
    label: number,
    classes: number,
    stream: RandomStream,
  ) => readonly [x: number, y: number];
}

export const toySets: readonly ToySet[] = [
  {
    name: "moons",
    label: { en: "two moons", ja: "2つの三日月" },
    classes: 2,
    place: (share, label) => {
      const angle = Math.PI * share;
      return label === 0
        ? [0.66 * cos(angle) - 0.33, 0.66 * sin(angle) - 0.17]
        : [0.33 - 0.66 * cos(angle), 0.17 - 0.66 * sin(angle)];
    },
  },
  {
    name: "circles",
    label: { en: "circles", ja: "同心円" },
    place: (share, label, classes) => {
      const radius = (0.9 * (label + 0.5)) / (classes - 0.5);
      return [radius * cos(2 * Math.PI * share), radius * sin(2 * Math.PI * share)];
    },
  },
  {
    name: "spirals",
    label: { en: "spirals", ja: "らせん" },
    place: (share, label, classes) => {
      const radius = 0.08 + 0.87 * share;
      const angle = 1.75 * Math.PI * share + (2 * Math.PI * label) / classes;
      return [radius * sin(angle), radius * cos(angle)];
    },
  },
  {
    name: "gaussians",
    label: { en: "Gaussians", ja: "正規分布" },
    place: (_, label, classes, stream) => {
      const angle = (2 * Math.PI * label) / classes + Math.PI / 4;
      return [0.55 * cos(angle) + 0.1 * stream.normal(), 0.55 * sin(angle) + 0.1 * stream.normal()];
    },
  },
  {
    name: "xor",
    label: { en: "exclusive or", ja: "排他的論理和(XOR)" },
    classes: 2,
    place: (share, label, _, stream) => {
      const x = stream.uniform(0.05, 0.95);
      const y = stream.uniform(0.05, 0.95);
      const sign = share < 0.5 ? 1 : -1;
      return [sign * x, (label === 0 ? sign : -sign) * y];
    },
  },
  {
    name: "checkerboard",
    label: { en: "checkerboard", ja: "市松模様" },
    classes: 2,
    place: (share, label, _, stream) => {
      // Eight squares of a class on a board of 4 × 4.
      const square = Math.floor(share * 8);
      const row = Math.floor(square / 2);
      const column = 2 * (square % 2) + ((row + label) % 2);
      const inside = () => stream.uniform(0.04, 0.46);
      return [column / 2 - 1 + inside(), row / 2 - 1 + inside()];
    },
  },
];

export const toyNames = toySets.map(({ name }) => name);

/** Draws a set: classes in turn, as many points of each. @throws HyperError for a set that there is not */
export function drawToy(
  name: string,
  { points, noise, classes: wanted }: ToyOptions,
  stream: RandomStream,
): PlanePoints {
  const set = toySets.find((known) => known.name === name);
  if (set === undefined) {
    throw new HyperError({
      en: `toy: must be one of ${toyNames.join(", ")}, got "${name}".`,
      ja: `toy: ${toyNames.join("、")} のいずれかを指定してください(指定された値: "${name}")。`,
    });
  }
  const classes = set.classes ?? wanted;
  const xy = new Float32Array(2 * points);
  const labels = new Uint8Array(points);
  const ofClass = Math.ceil(points / classes);
  for (let i = 0; i < points; i++) {
    const label = i % classes;
    const share = (Math.floor(i / classes) + stream.double()) / ofClass;
    const [x, y] = set.place(Math.min(share, 0.999999), label, classes, stream);
    xy[2 * i] = x + noise * stream.normal();
    xy[2 * i + 1] = y + noise * stream.normal();
    labels[i] = label;
  }
  return { xy, labels, classes };
}
