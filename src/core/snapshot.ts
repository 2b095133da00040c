import type { LayerDiagnostic, Tags } from "./note.ts";

/** What a person watching wants to see of a network while it trains. */
export interface Watch {
  /** Iterations from one snapshot to the next; the first iteration gives one too. */
  readonly every: number;
  /** Activations and gradients of every layer. */
  readonly histograms: boolean;
  /** The first layer's weights as images. */
  readonly weights: boolean;
  /** The test images taken for another class, and the confusion matrix. */
  readonly mistakes: boolean;
}

/** Counts of values in bins of one width between `low` and `high`. */
export interface ValueHistogram {
  readonly low: number;
  readonly high: number;
  readonly counts: Uint32Array;
  /** Values that are exactly 0: they are in no bin. */
  readonly zeros: number;
  /** NaN and ±Infinity: they are in no bin. */
  readonly notFinite: number;
  /** All values: those in bins, the zeros and the not finite. */
  readonly total: number;
}

/** One weight matrix at one iteration, with the activation behind it. */
export interface LayerSnapshot extends LayerDiagnostic {
  /** `none` for the last layer, whose outputs are the logits. */
  readonly activation: "relu" | "sigmoid" | "tanh" | "none";
  readonly units: number;
  /** Of the outputs for the minibatch, before Dropout. */
  readonly activations: ValueHistogram | null;
  /** Of log₁₀|∂loss/∂W|, so that vanishing and exploding gradients are seen alike. */
  readonly gradients: ValueHistogram | null;
}

/** The weights that lead to each of the first layer's units, as images of the input. */
export interface WeightImages {
  /** Images here, and units the layer has. */
  readonly shown: number;
  readonly units: number;
  /** Pixels of one image. */
  readonly rows: number;
  readonly columns: number;
  /** The weight that ±127 stands for. */
  readonly scale: number;
  /** [shown · rows · columns], round(127 · weight / scale) */
  readonly pixels: Int8Array;
}

/** How the network classifies the first rows of the test data. */
export interface Mistakes {
  /** Rows classified, and how many of them rightly. */
  readonly rows: number;
  readonly right: number;
  readonly classes: number;
  /** [classes · classes], rows counted at label · classes + predicted */
  readonly confusion: Uint16Array;
  /** Rows classified wrongly; of these the most confident follow, the most confident first. */
  readonly wrong: number;
  /** Row in the test data. */
  readonly index: Uint16Array;
  readonly label: Uint8Array;
  readonly predicted: Uint8Array;
  /** Softmax of the class predicted: a fraction. */
  readonly confidence: Float32Array;
  /** Pixels of one image, and the images' bytes one after the other. */
  readonly imageRows: number;
  readonly imageColumns: number;
  readonly images: Uint8Array;
}

/** What a network of two inputs says of a plane: softmax on a grid of points, or the number it tells. */
export interface Boundary {
  /** Points of the grid; its first is at the low ends. */
  readonly columns: number;
  readonly rows: number;
  readonly x: readonly [low: number, high: number];
  readonly y: readonly [low: number, high: number];
  /** 1 where a number is told. */
  readonly classes: number;
  /** [rows · columns · classes], round(255 · probability), or where between the ends of `range` the number lies */
  readonly probabilities: Uint8Array;
  /** Where a number is told: what 0 and 255 stand for. */
  readonly range?: readonly [low: number, high: number];
  readonly units: readonly UnitMaps[];
  /** The weights that lead from the last hidden layer's units (from the inputs where there is none) to the classes. */
  readonly outputs?: Pick<UnitMaps, "inputs" | "shown" | "weights">;
}

/** What the first units of one hidden layer say of the same plane, on a coarser grid, and the weights that lead to them. */
export interface UnitMaps {
  /** `affine1` */
  readonly layer: string;
  /** Units here, and units the layer has. */
  readonly shown: number;
  readonly units: number;
  /** Points of one map's side. */
  readonly side: number;
  /** [shown · side · side], round(127 · output / largest of the unit) */
  readonly values: Int8Array;
  /** Inputs of the layer that have a weight here. */
  readonly inputs: number;
  /** [inputs · shown] */
  readonly weights: Float32Array;
}

/** Rows of the test data counted by class. */
export interface Confusion {
  readonly classes: number;
  /** [classes · classes], rows counted at label · classes + predicted */
  readonly counts: Uint32Array;
}

/** What a network tells of the first rows of the test data beside what is true, in the number's own unit. */
export interface ToldNumbers {
  /** [rows] */
  readonly told: Float64Array;
  readonly wanted: Float64Array;
}

/** A look inside one network right after an iteration; plain data and typed arrays, below 150 kB for 28 × 28 images. */
export interface Snapshot {
  readonly run: string;
  readonly tags: Tags;
  /** The iteration, from 0, as `x` of the series. */
  readonly step: number;
  readonly layers: readonly LayerSnapshot[];
  readonly weights: WeightImages | null;
  readonly mistakes: Mistakes | null;
  /** Where the inputs are a plane, and somebody watches. */
  readonly boundary?: Boundary;
  readonly confusion?: Confusion;
  /** In its place where numbers are told. */
  readonly told?: ToldNumbers;
  /** Every number that training changes, of a small network; from them a changed run can go on. */
  readonly parameters?: Float32Array;
  /** The network as a model file's bytes: of the last iteration, of one that waits, and now and then of one that learns images while somebody watches. */
  readonly model?: Uint8Array;
}
