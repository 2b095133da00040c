import type { FloatRows } from "../../core/rows.ts";
import type { Boundary, UnitMaps } from "../../core/snapshot.ts";
import type { FloatArray, Tensor } from "../../core/tensor.ts";
import { type ColumnScales, scaled } from "../../data/standardize.ts";
import { layerNames } from "../../nn/network-plan.ts";
import { Residual } from "../../nn/residual.ts";
import type { NamedLayer, Sequential } from "../../nn/sequential.ts";
import type { Evaluator } from "../../train/evaluate.ts";
import { planeRows } from "./plane-inputs.ts";
import type { Plane, TaughtValues } from "./prepare.ts";

/** Points of the grid's side, and every so many-th of them in the map of one unit. */
const side = 60;
const unitStep = 4;
const unitSide = side / unitStep;
/** Units of a layer, and layers, that are shown. */
const mostUnits = 12;
const mostLayers = 8;

interface ShownLayer {
  /** Whose outputs are drawn: the last before the next Affine, Dropout not counted. */
  readonly outputs: NamedLayer;
  readonly affine: string;
  readonly units: number;
  readonly shown: number;
  /** Units of the Affine for each one shown: more than one where a maxout takes the largest. */
  readonly pieces: number;
}

/** Asks a network what it says of a plane, in evaluation mode: it draws no random number and changes nothing. */
export class PlaneLook {
  private readonly evaluator: Evaluator;
  private readonly plane: Plane;
  private readonly told: (out: Uint8Array, outputs: Tensor) => void;
  private readonly images: FloatRows;
  private readonly layers: readonly ShownLayer[];

  /** @param values that are told; null of classes */
  constructor(evaluator: Evaluator, plane: Plane, values: TaughtValues | null) {
    this.evaluator = evaluator;
    this.plane = plane;
    this.told = values === null ? softmaxBytes : valueBytes(values.scales, plane.values!.range);
    this.images = { data: gridRows(plane), count: side * side, width: plane.inputs.length };
    this.layers = shownLayers(evaluator.network).slice(0, mostLayers);
  }

  /** The softmax on the grid, or the number that is told, and what the hidden units say there. */
  look(): Boundary {
    const { evaluator, plane, images } = this;
    const { classes } = evaluator.network;
    const probabilities = new Uint8Array(side * side * classes);
    const outputs = this.layers.map(({ shown }) => new Float32Array(shown * unitSide * unitSide));
    evaluator.over({ images }, (block) => {
      this.told(probabilities.subarray(block.from * classes), block.outputs);
      for (const [i, { outputs: entry, shown }] of this.layers.entries()) {
        takeUnits(outputs[i], entry.output!, block.from, shown);
      }
    });
    return {
      columns: side,
      rows: side,
      x: plane.x,
      y: plane.y,
      classes,
      probabilities,
      ...(plane.values === undefined ? {} : { range: plane.values.range }),
      units: this.layers.map((layer, i) => this.mapsOf(layer, outputs[i], i === 0 ? null : this.layers[i - 1])),
      ...this.outputWeights(),
    };
  }

  /** None where not all hidden layers are looked at: the last one shown does not lead to the classes. */
  private outputWeights(): Pick<Boundary, "outputs"> {
    const { network } = this.evaluator;
    const { classes } = network;
    const last = network.layers[network.layers.length - 1];
    return shownLayers(network).length > this.layers.length
      ? {}
      : {
          outputs: {
            shown: classes,
            ...this.weightsOf(last.name, { shown: classes, pieces: 1 }, this.layers.at(-1) ?? null),
          },
        };
  }

  /**
   * The weights from what is shown of the layer before to the first units of a layer, the strongest of each unit's pieces.
   */
  private weightsOf(
    affine: string,
    { shown, pieces }: Pick<ShownLayer, "shown" | "pieces">,
    before: ShownLayer | null,
  ): Pick<UnitMaps, "inputs" | "weights"> {
    const { value } = this.evaluator.network.parameters.find(({ name }) => name === `${affine}.W`)!;
    const inputs = before === null ? Math.min(value.rows, mostUnits) : before.shown;
    const weights = new Float32Array(inputs * shown);
    for (let i = 0; i < inputs; i++) {
      for (let j = 0; j < shown; j++) {
        const from = i * value.cols + j * pieces;
        weights[i * shown + j] = strongest(value.data.subarray(from, from + pieces));
      }
    }
    return { inputs, weights };
  }

  private mapsOf(layer: ShownLayer, outputs: Float32Array, before: ShownLayer | null): UnitMaps {
    const { affine, units, shown } = layer;
    const { inputs, weights } = this.weightsOf(affine, layer, before);
    return { layer: affine, shown, units, side: unitSide, values: scaledMaps(outputs, shown), inputs, weights };
  }
}

/** The grid's points as the network takes them, row by row from the low end of y. */
function gridRows({ x, y, scales, inputs }: Plane): Float32Array {
  const points = new Float32Array(2 * side * side);
  const at = ([low, high]: readonly [number, number], i: number) => low + ((high - low) * i) / (side - 1);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const i = 2 * (row * side + column);
      points[i] = scaled(at(x, column), scales, 0);
      points[i + 1] = scaled(at(y, row), scales, 1);
    }
  }
  return planeRows(points, inputs);
}

/** For each hidden Affine, the layer whose outputs go into the next one. */
function shownLayers(network: Sequential): ShownLayer[] {
  const found: ShownLayer[] = [];
  network.layers.slice(0, -1).forEach((entry) => {
    const { kind, outputSize: units } = entry.layer;
    const shown = Math.min(units, mostUnits);
    const last = found.at(-1);
    if (kind === "affine") {
      found.push({ outputs: entry, affine: entry.name, units, shown, pieces: 1 });
    } else if (entry.layer instanceof Residual) {
      // A column of its own: what leads to it is the affine that its block begins with.
      const affine = `${entry.name}.${layerNames(entry.layer.layers)[0]}`;
      found.push({ outputs: entry, affine, units, shown, pieces: 1 });
    } else if (kind !== "dropout" && last !== undefined) {
      found[found.length - 1] = { ...last, outputs: entry, units, shown, pieces: (last.pieces * last.units) / units };
    }
  });
  return found;
}

/** The weight that is furthest from 0. */
function strongest(weights: FloatArray): number {
  let most = 0;
  for (const weight of weights) {
    most = Math.abs(weight) > Math.abs(most) ? weight : most;
  }
  return most;
}

function softmaxBytes(out: Uint8Array, logits: Tensor): void {
  const { rows, cols, data } = logits;
  for (let i = 0; i < rows; i++) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < cols; j++) {
      largest = Math.max(largest, data[i * cols + j]);
    }
    let sum = 0;
    for (let j = 0; j < cols; j++) {
      sum += Math.exp(data[i * cols + j] - largest);
    }
    for (let j = 0; j < cols; j++) {
      out[i * cols + j] = Math.round((255 * Math.exp(data[i * cols + j] - largest)) / sum);
    }
  }
}

/** Writes where between the ends of a range the numbers lie that outputs stand for. */
function valueBytes({ mean, std }: ColumnScales, [low, high]: readonly [number, number]) {
  return (out: Uint8Array, { rows, data }: Tensor): void => {
    for (let i = 0; i < rows; i++) {
      const share = (data[i] * std[0] + mean[0] - low) / (high - low);
      out[i] = Math.round(255 * Math.min(1, Math.max(0, share)));
    }
  };
}

/** Copies the outputs of the grid's points that the units' maps hold. */
function takeUnits(out: Float32Array, output: Tensor, from: number, shown: number): void {
  for (let i = 0; i < output.rows; i++) {
    const row = Math.floor((from + i) / side);
    const column = (from + i) % side;
    if (row % unitStep === 0 && column % unitStep === 0) {
      const place = (row / unitStep) * unitSide + column / unitStep;
      for (let unit = 0; unit < shown; unit++) {
        out[unit * unitSide * unitSide + place] = output.data[i * output.cols + unit];
      }
    }
  }
}

function scaledMaps(outputs: Float32Array, shown: number): Int8Array {
  const size = unitSide * unitSide;
  const values = new Int8Array(outputs.length);
  for (let unit = 0; unit < shown; unit++) {
    let largest = 0;
    for (let i = unit * size; i < (unit + 1) * size; i++) {
      largest = Math.max(largest, Math.abs(outputs[i]));
    }
    for (let i = unit * size; i < (unit + 1) * size; i++) {
      values[i] = largest > 0 ? Math.round((127 * outputs[i]) / largest) : 0;
    }
  }
  return values;
}
