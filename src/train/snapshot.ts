import type { LayerSnapshot, Snapshot, ValueHistogram, Watch } from "../core/snapshot.ts";
import type { FloatArray } from "../core/tensor.ts";
import type { Split } from "../data/dataset.ts";
import type { Sequential } from "../nn/sequential.ts";
import { activationBehind, diagnoseLayer, type StepTraces, weightMatrices } from "./diagnostics.ts";
import { histogramOf, logMagnitudes } from "./snapshot-histogram.ts";
import { weightImages } from "./snapshot-images.ts";
import { MistakeFinder } from "./snapshot-mistakes.ts";

/** Bins of a histogram. */
const activationBins = 40;
/** Powers of ten that gradients are counted between, four bins each. */
const gradientDecades = [-12, 3] as const;

/**
 * Looks inside one network while it trains. It reads what the step left behind (outputs, gradients) and runs the network
 * forward in evaluation mode only: it draws nothing from the random stream and changes nothing that is learnt or recorded.
 */
export class Microscope {
  private readonly network: Sequential;
  private readonly finder: MistakeFinder;

  /** @param split the rows that mistakes are looked for in: the test data */
  constructor(network: Sequential, { split, classes, rows }: { split: Split; classes: number; rows: number }) {
    this.network = network;
    this.finder = new MistakeFinder(network, { split, classes, rows });
  }

  /** What is seen right after a step's update, before the network is run again. */
  look(watch: Watch, traces: StepTraces): Pick<Snapshot, "layers" | "weights" | "mistakes"> {
    const { network } = this;
    const layers = weightMatrices(network).map((weights): LayerSnapshot => {
      const diagnostic = diagnoseLayer(network, weights, traces);
      const activation = activationBehind(network, weights.layer);
      const kind = (activation?.layer.kind ?? "none") as LayerSnapshot["activation"];
      const output = (activation ?? network.layers.find(({ name }) => name === weights.layer))?.output ?? null;
      return {
        ...diagnostic,
        activation: kind,
        units: weights.shape.cols,
        activations: watch.histograms && output !== null ? activationHistogram(output.data, kind) : null,
        gradients: watch.histograms ? gradientHistogram(weights.grad.data) : null,
      };
    });
    return {
      layers,
      weights: watch.weights ? weightImages(network) : null,
      // Last: it runs the network, and the outputs above are gone.
      mistakes: watch.mistakes ? this.finder.find() : null,
    };
  }
}

function activationHistogram(values: FloatArray, kind: LayerSnapshot["activation"]): ValueHistogram {
  const range = kind === "sigmoid" ? ([0, 1] as const) : kind === "tanh" ? ([-1, 1] as const) : undefined;
  return histogramOf(values, activationBins, range);
}

function gradientHistogram(values: FloatArray): ValueHistogram {
  const [low, high] = gradientDecades;
  return logMagnitudes(values, 4 * (high - low), [low, high]);
}
