import { RandomStream } from "../../core/random.ts";
import type { RateCurve } from "../../schedule/schedule.ts";
import type { Training } from "../../train/open-training.ts";

/** 32-bit words before the numbers: updates done, the stream's place, whether it keeps half a pair. */
const headWords = 4;
const streamWords = 624;

/** Everything that training goes on from: parameters, the optimizer's state, the layers' buffers, what parts keep. */
function tensorsOf({ network, updater, parts }: Training): Uint8Array[] {
  const kept = parts.flatMap(({ tensors }) => Object.values(tensors));
  return [network.params, ...updater.slots.values(), ...network.buffers.values(), ...kept].map(({ data }) =>
    bytesOf(data),
  );
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** The numbers that the rule, the parts and the schedule keep, one after the other. */
function numbersOf({ updater, parts }: Training, rates: RateCurve | null): Float64Array {
  const ours = [updater.state, ...parts.map(({ numbers }) => numbers)].flatMap(Object.values).flat();
  return Float64Array.from([...ours, ...(rates?.saved?.() ?? [])]);
}

/** Where a training stands beside its network and rule. */
interface Stand {
  /** Updates done. */
  readonly steps: number;
  /** Where minibatches and masks come from. */
  readonly stream: RandomStream;
  readonly rates: RateCurve | null;
}

/** A network in training as bytes. */
export function packTraining(training: Training, { steps, stream, rates }: Stand): Uint8Array {
  const { words, next, spare } = stream.saved();
  const head = new Uint32Array([steps, next, spare === null ? 0 : 1, 0]);
  const parts = [head, words, new Float64Array([spare ?? 0]), numbersOf(training, rates)].map(bytesOf);
  parts.push(...tensorsOf(training));
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * Puts a network and its schedule back to where they were packed.
 * @returns the updates done then and the stream as it stood; null when the bytes are of another network
 */
export function unpackTraining(
  training: Training,
  packed: Uint8Array,
  rates: RateCurve | null,
): Pick<Stand, "steps" | "stream"> | null {
  // A copy of its own begins at a multiple of 8 bytes.
  const bytes = packed.slice();
  const tensors = tensorsOf(training);
  const headBytes = (headWords + streamWords) * 4;
  const numberBytes = numbersOf(training, rates).byteLength;
  if (bytes.length !== headBytes + 8 + numberBytes + tensors.reduce((sum, { length }) => sum + length, 0)) {
    return null;
  }
  const [steps, next, kept] = new Uint32Array(bytes.buffer, 0, headWords);
  const words = new Uint32Array(bytes.buffer, headWords * 4, streamWords);
  const [spare] = new Float64Array(bytes.buffer, headBytes, 1);
  const numbers = [...new Float64Array(bytes.buffer, headBytes + 8, numberBytes / 8)];
  let at = headBytes + 8 + numberBytes;
  for (const tensor of tensors) {
    tensor.set(bytes.subarray(at, at + tensor.length));
    at += tensor.length;
  }
  const { state } = training.updater;
  const restored = Object.entries(state).map(([name, { length }]) => [name, numbers.splice(0, length)] as const);
  training.updater.restore(steps, Object.fromEntries(restored));
  for (const part of training.parts) {
    const names = Object.keys(part.numbers);
    part.restore(Object.fromEntries(names.map((name) => [name, numbers.shift()!])));
  }
  rates?.restore?.(numbers);
  return { steps, stream: RandomStream.restored({ words, next, spare: kept === 1 ? spare : null }) };
}
