import type { LayerSnapshot, Snapshot } from "../../../core/snapshot.ts";
import type { Text } from "../../../core/text.ts";
import type { FigureSpec, Layer, PlanePanel } from "../../../figure/figure-spec.ts";

/** `affine2` of three as a person calls it. */
export function layerName(layer: Pick<LayerSnapshot, "activation">, index: number): Text {
  return layer.activation === "none"
    ? { en: "output layer", ja: "出力層" }
    : {
        en: `layer ${index + 1} (${activationNames[layer.activation]})`,
        ja: `第${index + 1}層(${activationNames[layer.activation]})`,
      };
}

const activationNames = { relu: "ReLU", sigmoid: "sigmoid", tanh: "tanh" } as const;

export const iterationsLabel: Text = { en: "iterations", ja: "更新回数" };

type Quantity = "gradientNorm" | "updateRatio" | "deadShare" | "saturatedShare" | "sleepingShare";

interface Drawn {
  readonly quantity: Quantity;
  readonly title: Text;
  readonly label: Text;
  readonly log: boolean;
  /** A line a reader compares with. */
  readonly guide?: { readonly at: number; readonly label: Text };
}

const quantities: readonly Drawn[] = [
  {
    quantity: "gradientNorm",
    title: { en: "Gradient norm ‖∂L/∂W‖", ja: "勾配のノルム ‖∂L/∂W‖" },
    label: "‖∂L/∂W‖",
    log: true,
  },
  {
    quantity: "updateRatio",
    title: { en: "Update ratio ‖ΔW‖/‖W‖", ja: "更新比 ‖ΔW‖/‖W‖" },
    label: "‖ΔW‖/‖W‖",
    log: true,
    guide: { at: 1e-3, label: "1e-3" },
  },
  {
    quantity: "deadShare",
    title: { en: "Dead units (always 0 in the minibatch)", ja: "常に0のニューロン(ミニバッチ内)" },
    label: { en: "share", ja: "割合" },
    log: false,
  },
  {
    quantity: "saturatedShare",
    title: { en: "Saturated outputs (within 2% of an end)", ja: "飽和した出力(端から2%以内)" },
    label: { en: "share", ja: "割合" },
    log: false,
  },
  {
    quantity: "sleepingShare",
    title: { en: "Sleeping weights (no gradient, state at 0)", ja: "眠っている重み(勾配がなく状態も0)" },
    label: { en: "share", ja: "割合" },
    log: false,
  },
];

/** Each layer's gradient norm, update ratio, dead, saturated and sleeping share over the iterations: a panel a quantity. */
export function layerFigure(snapshots: readonly Snapshot[], run: string, position: number | null): FigureSpec {
  const x = snapshots.map(({ step }) => step);
  const [first] = snapshots;
  const panels = quantities.flatMap(({ quantity, title, label, log, guide }): PlanePanel[] => {
    const layers = (first?.layers ?? []).flatMap((layer, i): Layer[] => {
      // Other functions are never exactly 0: their units cannot die.
      if (quantity === "deadShare" && layer.activation !== "relu") {
        return [];
      }
      const y = snapshots.map((snapshot) => drawable(snapshot.layers[i]?.[quantity] ?? null, log));
      return y.every((value) => value === null)
        ? []
        : [{ kind: "curve", name: layerName(layer, i), style: i, role: "line", x, y, markEvery: markEvery(x.length) }];
    });
    if (layers.length === 0) {
      return [];
    }
    return [
      {
        kind: "plane",
        title,
        x: { label: iterationsLabel, whole: true },
        y: log ? { label, scale: "log" } : { label, domain: [0, 1] },
        layers: [
          ...layers,
          ...(guide === undefined ? [] : [{ kind: "rule", axis: "y", ...guide } as const]),
          ...positionRule(position),
        ],
      },
    ];
  });
  return {
    id: "microscope-layers",
    title: { en: `Every layer of ${run} while it trains`, ja: `${run} の各層の学習中の変化` },
    columns: 3,
    panels,
  };
}

function drawable(value: number | null, log: boolean): number | null {
  return value === null || !Number.isFinite(value) || (log && value <= 0) ? null : value;
}

function markEvery(points: number): number {
  return Math.max(1, Math.round(points / 12));
}

/** The iteration looked at as a line; none at the newest. */
export function positionRule(position: number | null): Layer[] {
  return position === null ? [] : [{ kind: "rule", axis: "x", at: position }];
}

/** The last snapshot at or before an iteration; the newest for null. */
export function snapshotAt(snapshots: readonly Snapshot[], position: number | null): number {
  if (position === null) {
    return snapshots.length - 1;
  }
  let at = 0;
  for (let i = 0; i < snapshots.length && snapshots[i].step <= position; i++) {
    at = i;
  }
  return snapshots.length === 0 ? -1 : at;
}
