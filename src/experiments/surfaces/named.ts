import type { SurfaceDefinition } from "./surface-definition.ts";

const everyTwo = Array.from({ length: 11 }, (_, i) => 2 * i);
const powers = (from: number, to: number) =>
  Array.from({ length: 2 * (to - from) + 1 }, (_, i) => Number((10 ** (from + i / 2)).toPrecision(2)));

/** The surfaces one can choose by name; the first is the book's. */
export const namedSurfaces: Readonly<Record<string, SurfaceDefinition>> = {
  ravine: {
    name: "ravine",
    label: { en: "ravine (the book's)", ja: "細長い谷(本の関数)" },
    about: {
      en: "Twenty times as steep across as along: the gradient points at the nearer wall.",
      ja: "横切る方向の曲がりが谷に沿う方向の20倍あり、勾配は近くの壁を向きます。",
    },
    formula: "x^2/20 + y^2",
    x: [-10, 10],
    y: [-10, 10],
    levels: everyTwo,
    minima: [[0, 0]],
    start: [-7, 2],
    noise: 0,
    updates: 30,
    rates: { SGD: 0.95, Momentum: 0.1, AdaGrad: 1.5, Adam: 0.3, Nesterov: 0.1, RMSprop: 0.3 },
  },
  rosenbrock: {
    name: "rosenbrock",
    label: { en: "Rosenbrock's valley", ja: "Rosenbrock 関数" },
    about: {
      en: "A bent valley with an almost level floor: finding it is easy, following it is not.",
      ja: "底がほぼ平らな曲がった谷です。谷に入るのは簡単ですが、底を進むのが困難です。",
    },
    formula: "(1 - x)^2 + 100 * (y - x^2)^2",
    x: [-2, 2],
    y: [-1, 3],
    levels: powers(-1, 3),
    minima: [[1, 1]],
    start: [-1.2, 2],
    noise: 0,
    updates: 200,
    rates: { SGD: 0.0015, Momentum: 0.001, AdaGrad: 0.3, Adam: 0.2, Nesterov: 0.0008, RMSprop: 0.02 },
  },
  beale: {
    name: "beale",
    label: { en: "Beale's function", ja: "Beale 関数" },
    about: {
      en: "Plateaus beside steep corners: one rate is too small here and too large there.",
      ja: "平らな場所と急な角が隣り合い、1つの学習率では小さすぎたり大きすぎたりします。",
    },
    formula: "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2",
    x: [-4.5, 4.5],
    y: [-4.5, 4.5],
    levels: powers(-1, 5),
    minima: [[3, 0.5]],
    start: [1, 1.5],
    noise: 0,
    updates: 100,
    rates: { SGD: 0.01, Momentum: 0.002, AdaGrad: 0.5, Adam: 0.2, Nesterov: 0.002, RMSprop: 0.05 },
  },
  himmelblau: {
    name: "himmelblau",
    label: { en: "Himmelblau's function", ja: "Himmelblau 関数" },
    about: {
      en: "Four minima of the same depth: which one a rule finds depends on start and rate.",
      ja: "同じ深さの最小値が4つあり、どれに着くかは出発点と学習率で変わります。",
    },
    formula: "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
    x: [-6, 6],
    y: [-6, 6],
    levels: [1, 5, 15, 30, 60, 100, 150, 200, 300, 450, 700, 1000, 1500],
    minima: [
      [3, 2],
      [-2.805118086952745, 3.131312518250573],
      [-3.779310253377747, -3.283185991286169],
      [3.584428340330492, -1.848126526964404],
    ],
    start: [0, -1],
    noise: 0,
    updates: 60,
    rates: { SGD: 0.01, Momentum: 0.005, AdaGrad: 0.8, Adam: 0.3, Nesterov: 0.005, RMSprop: 0.1 },
  },
  saddle: {
    name: "saddle",
    label: { en: "saddle", ja: "鞍点" },
    about: {
      en: "The gradient vanishes where nothing is gained by staying: rules differ in how fast they leave.",
      ja: "最小値でもないのに勾配が0になる点があり、そこから離れる速さが更新則で異なります。",
    },
    formula: "x^2/4 - y^2/4 + y^4/40",
    x: [-4, 4],
    y: [-4, 4],
    levels: [-0.6, -0.5, -0.4, -0.3, -0.2, -0.1, 0, 0.2, 0.5, 1, 1.5, 2, 3, 4, 5, 6],
    minima: [
      [0, -2.23606797749979],
      [0, 2.23606797749979],
    ],
    start: [-3, 0.01],
    noise: 0,
    updates: 40,
    rates: { SGD: 0.5, Momentum: 0.1, AdaGrad: 0.5, Adam: 0.2, Nesterov: 0.1, RMSprop: 0.1 },
  },
  noisy: {
    name: "noisy",
    label: { en: "ravine with noisy gradients", ja: "勾配にノイズのある谷" },
    about: {
      en: "The book's ravine, but each gradient carries noise, as a minibatch's does; the seed draws it.",
      ja: "本の谷と同じ関数ですが、ミニバッチのように勾配へノイズが加わります。ノイズはシードで決まります。",
    },
    formula: "x^2/20 + y^2",
    x: [-10, 10],
    y: [-10, 10],
    levels: everyTwo,
    minima: [[0, 0]],
    start: [-7, 2],
    noise: 1,
    updates: 60,
    rates: { SGD: 0.5, Momentum: 0.1, AdaGrad: 1.5, Adam: 0.3, Nesterov: 0.1, RMSprop: 0.3 },
  },
};
