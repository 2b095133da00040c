import { type ActivationName, activationNames } from "../../../nn/activation.ts";
import { isWeighted, type LayerSpec, networkLimits } from "../../../nn/layer-words.ts";

/** A column of a drawn network: a layer with weights, affine or conv2d, and what follows it up to the next one. */
export interface Block {
  /** Place of that layer among the network's layers. */
  readonly at: number;
  readonly kind: WeightedLayer["kind"];
  /** Units of an affine layer, filters of a convolution. */
  readonly units: number;
  /** How many of them are left behind the largest of some neighbours. */
  readonly outputs: number;
  readonly activation: ActivationName | null;
  /** Batch normalization, dropout, further activations: as their lines are written. */
  readonly others: readonly LayerSpec[];
}

type WeightedLayer = Extract<LayerSpec, { readonly kind: "affine" | "conv2d" }>;
const unitsOf = (layer: WeightedLayer) => (layer.kind === "affine" ? layer.units : layer.filters);

const isActivation = (layer: LayerSpec): layer is { kind: ActivationName } =>
  (activationNames as readonly string[]).includes(layer.kind);

/** A network's columns; layers before the first with weights belong to none. */
export function blocksOf(layers: readonly LayerSpec[]): Block[] {
  const starts = layers.flatMap((layer, at) => (isWeighted(layer) ? [{ layer, at }] : []));
  return starts.map(({ layer, at }, i) => {
    const after = layers.slice(at + 1, starts[i + 1]?.at ?? layers.length);
    const first = after.find(isActivation);
    const units = unitsOf(layer);
    const outputs = after.reduce(
      (left, { kind, ...of }) => ("pieces" in of ? Math.ceil(left / of.pieces) : left),
      units,
    );
    const others = after.filter((one) => one !== first);
    return { at, kind: layer.kind, units, outputs, activation: first?.kind ?? null, others };
  });
}

/** The network with so many units in a column, as many as a network may have at most and one at least. */
export function withUnits(layers: readonly LayerSpec[], { at }: Block, units: number): LayerSpec[] {
  const within = Math.min(networkLimits.units, Math.max(1, Math.round(units)));
  return layers.map((layer, i): LayerSpec => {
    if (i !== at) {
      return layer;
    }
    return layer.kind === "conv2d" ? { ...layer, filters: within } : { kind: "affine", units: within };
  });
}

/** The network with another activation behind a column, or none. */
export function withActivation(
  layers: readonly LayerSpec[],
  { at, activation, others }: Block,
  kind: ActivationName | null,
): LayerSpec[] {
  const old =
    activation === null
      ? -1
      : layers.findIndex((layer, i) => i > at && isActivation(layer) && layer.kind === activation);
  if (old >= 0) {
    return layers.flatMap((layer, i) => (i !== old ? [layer] : kind === null ? [] : [{ kind }]));
  }
  // Behind what normalizes, before what drops.
  const place = at + 1 + others.filter((layer, i) => layer.kind === "batchnorm" && i === 0).length;
  return kind === null ? [...layers] : [...layers.slice(0, place), { kind }, ...layers.slice(place)];
}

/** The network without a column: its layer with weights and what follows it. A residual block that held it holds one less. */
export function withoutBlock(layers: readonly LayerSpec[], { at }: Block): LayerSpec[] {
  const next = layers.findIndex((layer, i) => i > at && isWeighted(layer));
  const rest = next < 0 ? [] : layers.slice(next);
  const end = rest.findIndex(({ kind }) => kind === "residual");
  const block = rest[end];
  if (block?.kind === "residual" && block.layers > rest.slice(0, end).filter(isWeighted).length) {
    rest[end] = { ...block, layers: block.layers - 1 };
  }
  return [...layers.slice(0, at), ...rest];
}

/** The network with a column more at its end, like the last one; the same network where there is no room. */
export function withBlock(layers: readonly LayerSpec[]): LayerSpec[] {
  const last = blocksOf(layers).at(-1);
  const more: LayerSpec[] = [
    { kind: "affine", units: Math.min(last?.units ?? 8, 16) },
    { kind: last?.activation ?? "relu" },
  ];
  return layers.length + more.length > networkLimits.layers ? [...layers] : [...layers, ...more];
}
