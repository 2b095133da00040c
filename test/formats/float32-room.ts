import { RandomStream } from "../../src/core/random.ts";
import type { ModelState } from "../../src/model/model-state.ts";
import { encodedRows, farthest, type RandomModel, toldBy, withTensors } from "./random-model.ts";

/** A float32 model's rows as float64 answers them, from the same weights and the same float32 inputs. */
export function truthOf(model: RandomModel): RandomModel {
  return { ...model, expected: inFloat64(model, (value) => value) };
}

/**
 * How far answers may lie from {@link truthOf} because the numbers are float32: as far as they move when every weight
 * moves by a unit in its last place (2⁻²³ of it), up or down by chance; the farthest of eight draws. A float32 evaluation
 * without fault is the exact one of weights that lie so near (Higham 2002, Accuracy and Stability, §3.1), and where a
 * normalization or a block stands upon others, the answers of weights so near lie further apart than 1e-6.
 */
export function float32Room(truth: RandomModel): number {
  const distances = Array.from({ length: 8 }, (_, seed) => {
    const random = RandomStream.seeded(seed);
    const unit = 2 ** -23;
    return farthest(
      truth,
      inFloat64(truth, (value) => value * (1 + (random.double() < 0.5 ? unit : -unit))),
    );
  });
  return Math.max(...distances);
}

function inFloat64({ state, raw }: RandomModel, weight: (value: number) => number): number[][] {
  const tensors = Object.fromEntries(
    Object.entries(state.tensors).map(([name, { shape, data }]) => [
      name,
      { dtype: "float64" as const, shape, data: Float64Array.from(data as Float32Array, weight) },
    ]),
  );
  const wide: ModelState = { ...state, dtype: "float64", tensors };
  const network = withTensors(wide);
  return encodedRows(state, raw).map((row) => toldBy(state, network(row.map(Math.fround))));
}
