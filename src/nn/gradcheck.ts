import { checkOptions, type OptionNames } from "../core/checks.ts";
import { HyperError } from "../core/errors.ts";
import { RandomStream } from "../core/random.ts";
import type { Check } from "../core/record.ts";
import type { FloatArray, Tensor } from "../core/tensor.ts";
import type { Targets } from "./loss.ts";
import type { Parameter, Sequential } from "./sequential.ts";

export interface GradcheckOptions {
  /** A float64 network; its parameters are as before afterwards. */
  readonly network: Sequential;
  /** [m, inputSize] */
  readonly x: Tensor;
  /** [1, m], or [m, outputs] for a loss of values */
  readonly labels: Targets;
  /** Elements checked of each parameter, chosen at random; 100 when absent, all with Infinity. */
  readonly samples?: number;
  /** Seeds that choice. */
  readonly seed?: number;
  /** Half the width of the central difference. */
  readonly step?: number;
  /** Largest relative error that passes. */
  readonly tolerance?: number;
}

const optionNames: OptionNames<GradcheckOptions> = {
  network: "new Sequential({ … })",
  x: "kernels.arena.floats(rows, columns)",
  labels: "kernels.arena.ints(rows)",
  samples: true,
  seed: true,
  step: true,
  tolerance: true,
};

/** A parameter's backward gradient against its numerical gradient, with all that this check finds out. */
export type GradientCheck = Check & Required<Omit<Check, "rows" | "vacuous">>;

/**
 * Compares each parameter's gradient from the backward pass with the central difference
 * (f(w + h) − f(w − h))/2h, improved by Richardson's extrapolation from h and h/2.
 *
 * The relative error of an element is |backward − numerical| / max(|backward|, |numerical|, G/100) with G the largest
 * gradient of the network, so that elements whose gradient is 0 are held to the network's scale.
 * @throws HyperError when the network is not float64: a difference of float32 losses has no digits left
 */
export function gradcheck(options: GradcheckOptions): GradientCheck[] {
  checkOptions("gradcheck", options, optionNames);
  const { network, x, labels, samples = 100, seed = 0, step = 1e-4, tolerance = 1e-6 } = options;
  if (network.kernels.dtype !== "float64") {
    throw new HyperError({
      en: "gradcheck: dtype must be float64, got float32. Open the network with float64 kernels.",
      ja: "gradcheck: dtype は float64 でなければなりません(float32 でした)。float64 のカーネルでネットワークを開いてください。",
    });
  }
  const masks = network.random?.saved();
  /** Every loss sees the same Dropout masks. */
  const rewind = () => {
    if (masks !== undefined) {
      network.random = RandomStream.restored(masks);
    }
  };
  const lossAt = (parameter: Parameter, i: number, value: number) => {
    const kept = parameter.value.data[i];
    parameter.value.data[i] = value;
    rewind();
    const outputs = network.forward(x, "train");
    // The loss whose gradient backward is: the book's 1e-7 in the logarithm, which the backward pass ignores, is left out.
    const { loss: open } = network;
    const sum = open.exact?.(outputs, labels, null) ?? open.forward(outputs, labels, null);
    const loss = sum / x.rows + network.penalty();
    parameter.value.data[i] = kept;
    return loss;
  };
  /** The central difference, and the jump between the differences to either side. */
  const slope = (parameter: Parameter, i: number, h: number) => {
    const w = parameter.value.data[i];
    const [above, below] = [w + h, w - h].map((value) => lossAt(parameter, i, value));
    return { central: (above - below) / (2 * h), jump: Math.abs(above + below - 2 * here) / h };
  };
  /** The numerical gradient of an element by differences of at most `h`, and whether the loss has a corner within them. */
  const numericalAt = (parameter: Parameter, i: number, h: number) => {
    const { central: coarse } = slope(parameter, i, h);
    const { central: fine, jump } = slope(parameter, i, h / 2);
    const numerical = (4 * fine - coarse) / 3;
    const size = Math.max(Math.abs(numerical), scale, Number.MIN_VALUE);
    // Where the loss is smooth the two differ by h² only; across a corner of a ReLU they differ by its jump. Right on a
    // corner they agree on half the slope, but the differences to either side do not.
    return { numerical, size, corner: Math.abs(fine - coarse) / size > 1e-5 || jump / size > 0.1 };
  };

  rewind();
  network.gradient(x, labels);
  const backward = network.grads.data.slice();
  const scale = largest(backward) / 100;
  const first = network.parameters[0];
  const here = lossAt(first, 0, first.value.data[0]);
  const stream = RandomStream.seeded(seed);
  return network.parameters.map((parameter) => {
    let checked = 0;
    let corners = 0;
    let sum = 0;
    let worst = 0;
    let shown = { analytic: 0, numerical: 0 };
    for (const i of chosen(parameter.count, samples, stream)) {
      const analytic = backward[parameter.begin + i];
      const errorOf = ({ numerical, size }: { numerical: number; size: number }) =>
        Math.abs(analytic - numerical) / Math.max(Math.abs(analytic), size);
      let found = numericalAt(parameter, i, step);
      if (!found.corner && errorOf(found) >= tolerance) {
        // Where only the curvature jumps, as an ELU's does at 0, the error falls with h; that of a wrong gradient stays.
        found = numericalAt(parameter, i, step / 16);
      }
      if (found.corner) {
        corners++;
        continue;
      }
      const { numerical } = found;
      checked++;
      shown = checked === 1 || Math.abs(analytic) > Math.abs(shown.analytic) ? { analytic, numerical } : shown;
      sum += Math.abs(analytic - numerical);
      const relative = errorOf(found);
      worst = relative > worst || Number.isNaN(relative) ? relative : worst;
    }
    return {
      parameter: parameter.name,
      meanAbsDiff: checked > 0 ? sum / checked : 0,
      maxRelError: worst,
      pass: worst < tolerance && checked > corners,
      checked,
      corners,
      largestGradient: largest(backward.subarray(parameter.begin, parameter.begin + parameter.count)),
      ...shown,
    };
  });
}

function largest(values: FloatArray): number {
  let max = 0;
  for (const value of values) {
    max = Math.max(max, Math.abs(value));
  }
  return max;
}

function chosen(count: number, samples: number, stream: RandomStream): Int32Array {
  const order = stream.permutation(count);
  return order.subarray(0, Math.min(samples, count));
}
