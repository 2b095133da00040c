import { expect, test } from "vitest";
import { networkWithBatch } from "../../test/support/network-with-batch.ts";
import { RandomStream } from "../core/random.ts";
import { planned } from "../kernels/planned.ts";
import { referenceKernels } from "../kernels/reference.ts";
import { Affine } from "./affine.ts";
import { losses } from "./loss-registry.ts";
import { crossEntropy } from "./losses/cross-entropy.ts";
import { Sequential } from "./sequential.ts";

const kernels = referenceKernels("float64");
const [rows, outputs] = [5, 3];

test.each([...losses.map((kind) => kind()), crossEntropy({ labelSmoothing: 0.2 })])(
  "$name: each row's gradient is multiplied by its own weight, as its loss is ($values)",
  (loss) => {
    const { network, x, labels, values, weights } = planned(kernels, (kernels) => {
      const network = new Sequential({ kernels, layers: [new Affine(4, outputs)], maxRows: rows, loss });
      const { arena } = kernels;
      const x = arena.floats(rows, 4);
      const [labels, values, weights] = [arena.ints(rows), arena.floats(rows, outputs), arena.floats(1, rows)];
      return { network, x, labels, values, weights };
    });
    const stream = RandomStream.seeded(5);
    network.initialize(0.5, stream);
    // Some outputs are far from their targets, where a Huber loss is straight.
    stream.fillNormal(x.data, 4);
    stream.fillDouble(values.data);
    stream.choice(outputs, labels.data);
    weights.data.set([0.5, 3, 0, 1, 2]);
    const targets = loss.targets === "labels" ? labels : values;
    network.gradient(x, targets, weights);
    const grads = [...network.grads.data];
    const { data } = network.params;
    for (let i = 0; i < 4 * outputs; i++) {
      const w = data[i];
      const at = (value: number) => {
        data[i] = value;
        return network.lossOf(x, targets, "train", weights);
      };
      const slope = (at(w + 1e-5) - at(w - 1e-5)) / 2e-5;
      data[i] = w;
      expect(grads[i]).toBeCloseTo(slope, 7);
    }
    expect(Math.max(...grads.map(Math.abs))).toBeGreaterThan(0.05);
  },
);

test("the penalties of both kinds are added to the loss", () => {
  const lossWith = (penalties: { readonly weightDecay?: number; readonly l1?: number }) => {
    const { network, x, labels } = networkWithBatch({
      kernels,
      layers: [new Affine(2, 2)],
      maxRows: 1,
      ...penalties,
    });
    network.parameters[0].value.data.set([1, -2, 3, -4]);
    return network.lossOf(x, labels, "evaluate");
  };
  const both = lossWith({ weightDecay: 0.2, l1: 0.1 }) - lossWith({});
  expect(both).toBeCloseTo(0.5 * 0.2 * 30 + 0.1 * 10, 12);
});
