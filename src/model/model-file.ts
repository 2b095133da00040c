import { crc32 } from "../core/crc32.ts";
import type { FileBytes } from "../core/file-bytes.ts";
import { describeValue } from "../core/foreign-value.ts";
import { Misfit } from "../core/json-shape.ts";
import { quoted } from "../core/text.ts";
import { version } from "../core/version.ts";
import { bytesOf } from "../formats/number-array.ts";
import { refusal } from "../formats/refusal.ts";
import { readSafetensors, type Safetensors, safetensorsBytes } from "../formats/safetensors.ts";
import { strictJson } from "../formats/strict-json.ts";
import { checkModel } from "./check-model.ts";
import { type ModelWithoutTensors, modelWithoutTensors } from "./model-schema.ts";
import { type ModelState, modelFormat } from "./model-state.ts";

/** Names of the file's metadata. `model` holds everything but the numbers, as JSON; `checksum` is over all the rest. */
const keys = {
  format: "tanren.format",
  version: "tanren.version",
  model: "tanren.model",
  checksum: "tanren.checksum",
} as const;
/** Before the names of what only training needs. */
export const resumePrefix = "resume/";
/** Deeper than a model's JSON ever is. */
const modelDepth = 32;

/**
 * Writes a model as a file: safetensors whose tensors have the book's names (`W1`, `b1`, `gamma1` …) and whose metadata hold
 * the rest as JSON, so that any reader of safetensors gets at the weights. The same model gives the same bytes.
 * @throws DataError when its parts do not fit one another, or a weight is no finite number
 */
export function modelBytes(state: ModelState): Uint8Array {
  const { tensors, resume, ...rest } = state;
  const { tensors: resumeTensors = {}, ...resumeRest } = resume ?? {};
  const plain = { ...rest, resume: resume === null ? null : resumeRest };
  const described = readDescription(JSON.parse(JSON.stringify(plain)), "model");
  checkModel(state, "model");
  const all = new Map(Object.entries(tensors));
  for (const [name, array] of Object.entries(resumeTensors)) {
    all.set(`${resumePrefix}${name}`, array);
  }
  const metadata = new Map<string, string>([
    [keys.format, String(modelFormat)],
    [keys.version, version],
    [keys.model, JSON.stringify(described)],
  ]);
  metadata.set(keys.checksum, checksumOf({ tensors: all, metadata }));
  return safetensorsBytes({ tensors: all, metadata });
}

/**
 * Reads a model that {@link modelBytes} wrote. Nothing in it is executed, and everything in it is checked: what does not fit
 * is refused in a sentence, before memory is taken for it.
 * @param name of the file, for errors
 * @throws DataError
 */
export function modelFromBytes(bytes: FileBytes, name: string): ModelState {
  const file = readSafetensors(bytes, name);
  const { tensors: all, metadata } = file;
  const format = metadata.get(keys.format);
  const json = metadata.get(keys.model);
  if (format === undefined || json === undefined) {
    throw refusal(
      name,
      `must be a model that Tanren saved, got arrays without a network (${[...all.keys()].slice(0, 5).join(", ")}). Load them into a model of the same layers with loadWeights.`,
      `Tanren が保存したモデルではありません(配列 ${[...all.keys()].slice(0, 5).join("、")} のみ)。同じ層のモデルに loadWeights で読み込んでください。`,
    );
  }
  if (!/^\d{1,9}$/.test(format) || Number(format) > modelFormat) {
    throw refusal(
      name,
      `must be a model of format ${modelFormat} or older, got ${quoted(format)}, by Tanren ${quoted(metadata.get(keys.version))}. Update Tanren.`,
      `モデルの形式は ${modelFormat} 以前でなければなりません(${quoted(format)}、Tanren ${quoted(metadata.get(keys.version))} が作成)。Tanren を更新してください。`,
    );
  }
  const { resume, ...rest } = readDescription(strictJson(json, name, { depth: modelDepth }), name);
  const entries = [...all];
  const ofResume = entries.filter(([key]) => key.startsWith(resumePrefix));
  const state: ModelState = {
    ...rest,
    tensors: Object.fromEntries(entries.filter(([key]) => !key.startsWith(resumePrefix))),
    resume:
      resume === null
        ? null
        : {
            ...resume,
            tensors: Object.fromEntries(ofResume.map(([key, array]) => [key.slice(resumePrefix.length), array])),
          },
  };
  checkModel(state, name);
  checkUnchanged(file, name);
  return state;
}

/**
 * Makes sure that a state is one, as a program gives it: it may be the model itself, or what JSON made of the numbers.
 * @param name whose argument it is, for errors
 * @throws DataError
 */
export function checkState(state: ModelState, name: string): void {
  const given: unknown = state;
  const isModel = typeof given === "object" && given !== null && "toState" in given;
  if (isModel || typeof given !== "object" || given === null || ArrayBuffer.isView(given)) {
    const got = isModel ? { en: "a model", ja: "モデル" } : { en: describeValue(given), ja: describeValue(given) };
    throw refusal(
      name,
      `must be given a model's state, got ${got.en}. Call model.toState(); of a file's bytes, modelFromBytes makes a model.`,
      `モデルの状態を渡してください(${got.ja} でした)。model.toState() で取り出せます。ファイルのバイト列は modelFromBytes で読みます。`,
    );
  }
  const { tensors, resume, ...rest } = state;
  const { tensors: _, ...resumeRest } = resume ?? {};
  readDescription(JSON.parse(JSON.stringify({ ...rest, resume: resume == null ? null : resumeRest })), name);
  checkModel({ ...state, tensors: tensors ?? {} }, name);
}

/** CRC-32 of everything that a model's file holds but the checksum itself, as 8 hexadecimal digits; in whatever order it lies there. */
function checksumOf({ tensors, metadata }: Safetensors): string {
  const encoder = new TextEncoder();
  let crc = 0;
  for (const key of [keys.format, keys.version, keys.model]) {
    crc = crc32(encoder.encode(JSON.stringify([key, metadata.get(key)])), crc);
  }
  for (const [key, { dtype, shape, data }] of [...tensors].sort(([a], [b]) => (a < b ? -1 : 1))) {
    crc = crc32(bytesOf(data), crc32(encoder.encode(JSON.stringify([key, dtype, shape])), crc));
  }
  return crc.toString(16).padStart(8, "0");
}

/**
 * A bit that flipped in a weight leaves a model like any other, which answers wrongly. Files of before have no checksum.
 * Last of all checks, since whatever else does not fit can be told more exactly.
 * @throws DataError
 */
function checkUnchanged(file: Safetensors, name: string): void {
  const noted = file.metadata.get(keys.checksum);
  const found = noted === undefined ? noted : checksumOf(file);
  if (noted !== found) {
    throw refusal(
      name,
      `must have the checksum ${quoted(noted)} that it was written with, got ${found}. It is damaged: get it again, or remove ${keys.checksum} from its metadata if you changed it yourself.`,
      `チェックサムは保存時の ${quoted(noted)} でなければなりません(${found} でした)。破損しているので、入手し直してください。自分で変更したファイルなら、メタデータの ${keys.checksum} を削除してください。`,
    );
  }
}

/** What a file says of a model beside its numbers. @throws DataError */
function readDescription(value: unknown, name: string): ModelWithoutTensors {
  try {
    return modelWithoutTensors(value, "model");
  } catch (error) {
    if (error instanceof Misfit) {
      const { at, must, got } = error;
      throw refusal(
        name,
        `${at} must be ${must.en}, got ${got}. It is damaged: save it anew.`,
        `${at} は${must.ja}でなければなりません(${got} でした)。保存し直してください。`,
      );
    }
    throw error;
  }
}
