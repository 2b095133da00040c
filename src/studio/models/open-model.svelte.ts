import { saidBy, TanrenError } from "../../core/errors.ts";
import type { Told } from "../../core/text.ts";
import { shortened } from "../../data/csv/csv-error.ts";
import { type AnyModel, modelFromState } from "../../model/load.ts";
import { modelFromBytes } from "../../model/model-file.ts";
import type { ModelState } from "../../model/model-state.ts";

/** Largest model file that a page takes into memory. */
const mostBytes = 300_000_000;

/** A model that is looked at: what its file says, and the network at work. */
export interface OpenModel {
  /** Of the file, for a person. */
  readonly name: string;
  readonly state: ModelState;
  readonly model: AnyModel;
}

/** The model that the page of models shows; one opened elsewhere (the sandbox) is there too. */
class Opened {
  current = $state.raw<OpenModel | null>(null);
}
export const opened = new Opened();

/** @throws TanrenError that says in a sentence what is wrong with the bytes */
export function openModel(bytes: Uint8Array, name: string): OpenModel {
  const state = modelFromBytes(bytes, shortened(name));
  return { name, state, model: modelFromState(state) };
}

/** Opens a file that a person gave; what is wrong with it, in one sentence. */
export async function openModelFile(file: File): Promise<OpenModel | Told> {
  if (file.size > mostBytes) {
    const [most, size] = [mostBytes / 1e6, Math.ceil(file.size / 1e6)];
    return {
      en: `${shortened(file.name)}: may have at most ${most} MB, got ${size} MB. Use tanren inspect on the command line.`,
      ja: `${shortened(file.name)}: ページで開けるのは ${most} MB までです(${size} MB あります)。コマンドの tanren inspect を使ってください。`,
    };
  }
  try {
    return openModel(new Uint8Array(await file.arrayBuffer()), file.name);
  } catch (error) {
    if (error instanceof TanrenError) {
      return saidBy(error);
    }
    return {
      en: `${shortened(file.name)}: must be a model that this page can run, got "${(error as Error).message}". Save it anew, or open it with tanren inspect.`,
      ja: `${shortened(file.name)}: このページで動かせるモデルではありません(${(error as Error).message})。保存し直すか、tanren inspect で開いてください。`,
    };
  }
}

export function isOpen(given: OpenModel | Told): given is OpenModel {
  return "state" in given;
}
