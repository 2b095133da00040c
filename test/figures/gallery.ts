import type { ColorScale, FigureSpec } from "../../src/figure/figure-spec.ts";

const steps = Array.from({ length: 41 }, (_, i) => i);
const wave = (phase: number) => steps.map((x) => 1 + Math.sin(x / 6 + phase) * Math.exp(-x / 30));
const axis = Array.from({ length: 13 }, (_, i) => i - 6);

const loss: ColorScale = { label: { en: "loss", ja: "損失" }, domain: [0, 9], reverse: true };

/** Every kind of layer and panel once, with gaps, a log axis and names in both languages. */
export const gallery: FigureSpec = {
  id: "gallery",
  title: { en: "Every kind of layer", ja: "すべての種類のレイヤー" },
  subtitle: {
    en: "a long subtitle, which has to be broken into lines where the page is narrow, word by word",
    ja: "狭い画面では折り返される長い副題です。日本語は文字と文字の間で改行されます。",
  },
  columns: 2,
  panels: [
    {
      kind: "plane",
      title: { en: "curves", ja: "曲線" },
      x: { label: { en: "iterations", ja: "更新回数" } },
      y: { label: { en: "loss", ja: "損失" }, domain: [0, 2] },
      layers: [
        { kind: "band", style: 0, x: steps, low: wave(0).map((y) => y - 0.2), high: wave(0).map((y) => y + 0.2) },
        ...[0, 1, 2, 3, 4, 5, 6, 7].flatMap((style) => [
          { kind: "curve", name: `run ${style}`, style, role: "raw", x: steps, y: wave(style) } as const,
          {
            kind: "curve",
            name: { en: `run ${style}`, ja: `実行 ${style}` },
            style,
            role: "smooth",
            x: steps,
            y: wave(style).map((y, i) => (style === 3 && i > 20 && i < 26 ? null : y)),
            markEvery: 10,
            ...(style === 5 ? { horizon: 17 } : {}),
          } as const,
        ]),
        { kind: "rule", axis: "y", at: 1.5, label: { en: "a limit", ja: "上限" } },
      ],
    },
    {
      kind: "plane",
      title: { en: "a path over contours", ja: "等高線上の経路" },
      x: { label: "x", domain: [-6, 6] },
      y: { label: "y", domain: [-6, 6] },
      aspect: 1,
      layers: [
        { kind: "contour", grid: bowl(), levels: [2, 8, 18, 32] },
        { kind: "path", name: "run 1", style: 1, x: [-5, -3, -4, 0, 9], y: [4, 1, -2, 0, 0] },
        { kind: "label", x: 0, y: 0, text: "+" },
      ],
    },
    {
      kind: "plane",
      title: { en: "a histogram", ja: "ヒストグラム" },
      x: { label: { en: "output", ja: "出力" } },
      y: { label: { en: "count", ja: "個数" } },
      layers: [{ kind: "bars", style: 2, edges: [0, 0.25, 0.5, 0.75, 1], counts: [5, 2, 0, 9] }],
    },
    {
      kind: "plane",
      title: { en: "points over log axes", ja: "対数軸の散布図" },
      x: { label: "lr", scale: "log", domain: [1e-6, 1e-2] },
      y: { label: "λ", scale: "log", domain: [1e-8, 1e-4] },
      layers: [
        {
          kind: "points",
          style: 5,
          x: [1e-5, 1e-4, 1e-3],
          y: [1e-5, 1e-7, 1e-6],
          value: [0.1, null, 0.9],
        },
        { kind: "rule", axis: "x", at: 1e-3, label: { en: "best", ja: "最良" } },
      ],
    },
    {
      kind: "surface",
      title: { en: "a surface", ja: "曲面" },
      x: { label: "x" },
      y: { label: "y" },
      z: { label: "f(x, y)" },
      grid: bowl(),
      azimuth: -60,
      elevation: 30,
    },
    {
      kind: "plane",
      title: { en: "a field in colours", ja: "色で表した場" },
      x: {
        label: { en: "hidden units", ja: "隠れ層のニューロン数" },
        scale: "log",
        domain: [16, 256],
        ticks: [20, 50, 100, 200],
        tickLabels: ["20", "50", "100", "200"],
      },
      y: {
        label: { en: "activation", ja: "活性化関数" },
        domain: [-0.5, 2.5],
        ticks: [0, 1, 2],
        tickLabels: [
          "relu",
          "tanh",
          { en: "a name much too long for an axis", ja: "軸に書くには長すぎる名前の選択肢" },
        ],
      },
      layers: [
        {
          kind: "heat",
          grid: { x: [16, 32, 64, 128, 256], y: [0, 1, 2], z: [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 3, 3, null, 9, 9] },
          colors: loss,
        },
        { kind: "points", style: 0, x: [20, 90, 200], y: [0, 1, 2], value: [9, 3, 12], colors: loss },
        { kind: "points", name: { en: "failed", ja: "失敗" }, marker: "cross", style: 1, x: [40], y: [1] },
        { kind: "points", name: { en: "pruned", ja: "枝刈り" }, marker: "ring", style: 7, x: [150], y: [0] },
      ],
    },
    {
      kind: "plane",
      title: { en: "bars that lie", ja: "横棒" },
      x: { label: { en: "seconds", ja: "秒" } },
      y: { label: "", domain: [-0.5, 1.5], ticks: [0, 1], tickLabels: ["worker 1", "worker 2"] },
      layers: [
        {
          kind: "spans",
          name: { en: "complete", ja: "完了" },
          style: 2,
          low: [0, 3],
          high: [2, 7],
          y: [0, 1],
          height: 0.8,
        },
        { kind: "spans", style: 5, low: [2], high: [6], y: [0], height: 0.8 },
      ],
    },
    {
      kind: "parallel",
      title: { en: "parallel coordinates", ja: "平行座標" },
      axes: [
        { label: { en: "loss", ja: "損失" }, domain: [0, 9] },
        { label: "lr", scale: "log", domain: [1e-5, 1e-1] },
        { label: "activation", domain: [-0.5, 1.5], ticks: [0, 1], tickLabels: ["relu", "tanh"] },
      ],
      lines: [
        { at: [9, 1e-5, 0], value: 9 },
        { at: [4, null, 1], value: 4 },
        { at: [0.5, 1e-2, 1], value: 0.5 },
      ],
      colors: loss,
    },
  ],
};

function bowl() {
  return { x: axis, y: axis, z: axis.flatMap((y) => axis.map((x) => x ** 2 / 4 + y ** 2)) };
}
