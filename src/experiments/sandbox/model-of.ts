import { TanrenError } from "../../core/errors.ts";
import { version } from "../../core/version.ts";
import { inputNames } from "../../data/csv/table-schema.ts";
import { lossSettings } from "../../model/fit-options.ts";
import { tensorsOf } from "../../model/live-network.ts";
import { modelBytes } from "../../model/model-file.ts";
import {
  type ModelInputs,
  type ModelState,
  type ModelTargets,
  modelFormat,
  type NamedSettings,
} from "../../model/model-state.ts";
import { placedLayer } from "../../model/placed-layers.ts";
import { crossEntropy } from "../../nn/losses/cross-entropy.ts";
import { meanSquaredError } from "../../nn/losses/mean-squared-error.ts";
import type { Sequential } from "../../nn/sequential.ts";
import type { Settings } from "../../runs/experiment.ts";
import { type TechniqueValues, techniquesOf } from "../../train/technique-settings.ts";
import { type Changes, changesIn } from "../../train/techniques/changes.ts";
import { settingsOfRun } from "../per-run.ts";
import { techniqueGroup } from "../technique-settings.ts";
import { planeInputLabels } from "./plane-inputs.ts";
import type { OwnData, PreparedData, TaughtValues } from "./prepare.ts";
import { type SandboxValues, typedRule } from "./settings.ts";

/** What a model of the sandbox is made from. */
export interface TaughtNetwork {
  readonly network: Sequential;
  readonly data: PreparedData;
  readonly own: OwnData | undefined;
  readonly settings: Settings;
  readonly values: SandboxValues;
  readonly seed: number;
  readonly rule: { readonly name: string; readonly rule: string; readonly hyper: Readonly<Record<string, number>> };
}

/**
 * A network of the sandbox as a model: the same file that `fit` and `save` give. A file of the page's data goes with it as
 * columns, scales and classes, so that rows can be asked about; where the network is given other values of a point than its
 * place (x², sin πx), those are its inputs, in order.
 */
function sandboxModel(taught: TaughtNetwork): ModelState {
  const { network, data, own, settings, values, seed, rule } = taught;
  const { train, classNames, values: told, scales } = data;
  const { batchSize, iterations, weightDecay, weightInit, schedule } = values;
  const asked = settingsOfRun(settings, techniqueGroup) as Partial<TechniqueValues & Changes>;
  const techniques = techniquesOf(asked);
  const changes = changesIn("", asked);
  return {
    format: modelFormat,
    tanren: version,
    task: told === null ? "classification" : "regression",
    dtype: network.kernels.dtype,
    inputs: { columns: [], decimal: "point", names: [], image: null, scales, ...inputsOf(data, own, values) },
    targets:
      told === null
        ? {
            kind: "classes",
            name: own?.kind === "csv" && own.table.targets.kind === "classes" ? own.table.targets.name : "class",
            classNames,
          }
        : numberTarget(told),
    layers: network.layers.map(({ layer }) => placedLayer(layer)),
    tensors: tensorsOf(network),
    loss: lossSettings(
      told === null ? crossEntropy({ labelSmoothing: asked.labelSmoothing ?? 0 }) : meanSquaredError(),
    ),
    training: {
      optimizer: { name: rule.name, hyper: rule.hyper, ...(values.optimizer === typedRule ? { rule: rule.rule } : {}) },
      schedule: schedule === "constant" ? null : namedOf(schedule, settings),
      epochs: Math.max(1, Math.round((iterations * batchSize) / train.images.count)),
      batchSize,
      batches: "draw",
      weightDecay,
      weightInit,
      seed,
      validation: 0,
      stopEarly: null,
      classWeights: null,
      ...(Object.keys(techniques).length === 0 ? {} : { techniques }),
      ...(Object.keys(changes).length === 0 ? {} : { changes }),
      source: null,
    },
    history: {},
    resume: null,
  };
}

function namedOf(name: string, settings: Settings): NamedSettings {
  return { name, hyper: settingsOfRun(settings, name) };
}

function numberTarget({ name, unit, scales: { mean, std } }: TaughtValues): ModelTargets {
  return { kind: "numbers", names: [name], ...(unit === "" ? {} : { units: [unit] }), mean, std };
}

type OwnInputs = Partial<ModelInputs> & Pick<ModelInputs, "kind" | "size">;

/** How rows become the network's inputs. */
function inputsOf(data: PreparedData, own: OwnData | undefined, values: SandboxValues): OwnInputs {
  const { inputSize: size, train } = data;
  if (train.images.data instanceof Uint8Array) {
    const { rows, columns } = own?.kind === "idx" ? own : { rows: 28, columns: size / 28 };
    return { kind: "image", size, image: { rows, columns, channels: 1 } };
  }
  const plain = data.plane === null || values.inputs.join() === "x,y";
  if (!plain) {
    const names = (values.inputs as (keyof typeof planeInputLabels)[]).map((name) => planeInputLabels[name]);
    return { kind: "numbers", size, names, scales: null };
  }
  if (own?.kind === "csv") {
    const { inputs, decimal } = own.table;
    const columns = inputs.map((column, k) => ({ ...column, fill: data.fills?.[k] ?? null }));
    return { kind: "table", size, names: inputs.flatMap(inputNames), columns, decimal };
  }
  const columns = ["x", "y"].map((name) => ({ name, kind: "number" as const, absent: [], fill: null }));
  return { kind: "table", size, names: ["x", "y"], columns };
}

/** The model as a file's bytes; undefined where it cannot be kept: once it has diverged. */
export function sandboxModelBytes(taught: TaughtNetwork): Uint8Array | undefined {
  try {
    return modelBytes(sandboxModel(taught));
  } catch (error) {
    if (error instanceof TanrenError) {
      return undefined;
    }
    throw error;
  }
}
