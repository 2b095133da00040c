import { checkOptions } from "../core/checks.ts";
import { type FileBytes, fileBytes } from "../core/file-bytes.ts";
import { readNpz } from "../formats/npz.ts";
import { inType } from "../formats/number-array.ts";
import { looksLikeSafetensors, readSafetensors } from "../formats/safetensors.ts";
import { checkModel } from "./check-model.ts";
import { checkState, resumePrefix } from "./model-file.ts";
import type { ModelState } from "./model-state.ts";
import { fromTorch, looksLikeTorch } from "./torch-names.ts";

export interface LoadWeightsOptions {
  /** Of the file, for errors. */
  readonly name: string;
  /** Of PyTorch's BatchNorm; 1e-5, its default, when absent. */
  readonly eps?: number;
}

/**
 * A model with the weights of a file in place of its own: safetensors or `.npz`, with the book's names (`W1`, `b1`,
 * `gamma1`, `runningMean1` …) or a PyTorch `state_dict`'s; a model's own file is one. Where training stood is forgotten.
 * @throws DataError when the file cannot be read, or its tensors are not those of the model's layers
 */
export async function loadWeights(
  state: ModelState,
  file: FileBytes,
  options: LoadWeightsOptions,
): Promise<ModelState> {
  checkOptions("loadWeights", options, { name: true, eps: true });
  const { name, eps } = options;
  checkState(state, "loadWeights");
  const bytes = fileBytes(file, name);
  const all = looksLikeSafetensors(bytes) ? readSafetensors(bytes, name).tensors : await readNpz(bytes, name);
  // A model's own file holds where its training stood, too.
  const arrays = new Map([...all].filter(([key]) => !key.startsWith(resumePrefix)));
  const tensors = looksLikeTorch(arrays.keys())
    ? fromTorch(state, arrays, { eps })
    : Object.fromEntries([...arrays].map(([key, array]) => [key, inType(array, state.dtype)]));
  const loaded = { ...state, tensors, resume: null };
  checkModel(loaded, name);
  return loaded;
}
