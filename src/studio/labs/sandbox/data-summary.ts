import { saidBy } from "../../../core/errors.ts";
import type { Text } from "../../../core/text.ts";
import { shortened } from "../../../data/csv/csv-error.ts";
import type { EncodedTable } from "../../../data/csv/encoded-table.ts";
import { inputNames } from "../../../data/csv/table-schema.ts";
import { type OwnData, type Plane, prepareData } from "../../../experiments/sandbox/prepare.ts";
import { valuesOf } from "../../../experiments/sandbox/settings.ts";
import type { Settings } from "../../../runs/experiment.ts";

/** What the page shows of the data before anything is trained. */
export interface DataSummary {
  /** None where a number is told. */
  readonly classNames: readonly string[];
  /** The number that is told, and the sign beside it; null of classes. */
  readonly told: { readonly name: string; readonly unit: string } | null;
  readonly inputSize: number;
  /** Of a table's inputs; absent of a plane, whose inputs are made of its axes, and of images. */
  readonly inputNames?: readonly string[];
  readonly trainRows: number;
  readonly testRows: number;
  readonly plane: Plane | null;
}

/** Settings that decide the data; a change of another leaves the points where they are. */
const decisive = ["data", "toy", "points", "noise", "classes", "drawn", "dataSeed", "testShare", "trainRows", "inputs"];

/** The same text for the same data. */
export function dataKey(settings: Settings): string {
  return JSON.stringify(decisive.map((name) => settings[name]));
}

/** The data in numbers, or why there is none. Large files are not gone through again: their numbers are known. */
export function summaryOf(settings: Settings, own: OwnData | null): DataSummary | Text {
  const values = valuesOf(settings);
  const { data, testShare, trainRows } = values;
  if (data === "mnist") {
    return { classNames: numbers(10), told: null, inputSize: 784, trainRows, testRows: 1000, plane: null };
  }
  if (data === own?.kind && (own.kind === "idx" || own.table.rows.width !== 2)) {
    const total = own.kind === "idx" ? own.split.labels.length : own.table.rows.count;
    const held = testShare === 0 ? 0 : Math.min(total - 2, Math.max(1, Math.round(testShare * total)));
    const [most, mostTest] = own.kind === "idx" ? [trainRows, 1000] : [total, total];
    return {
      ...(own.kind === "idx" ? { classNames: numbers(own.classes, own.first), told: null } : targetOf(own.table)),
      inputSize: own.kind === "idx" ? own.split.images.width : own.table.rows.width,
      trainRows: Math.min(most, total - held),
      testRows: Math.min(mostTest, held),
      plane: null,
      ...(own.kind === "csv" ? { inputNames: own.table.inputs.flatMap(inputNames) } : {}),
    };
  }
  try {
    const { classNames, values: told, inputSize, train, test, plane } = prepareData(values, own);
    return { classNames, told, inputSize, trainRows: train.images.count, testRows: test?.images.count ?? 0, plane };
  } catch (error) {
    return saidBy(error);
  }
}

function targetOf({ targets }: EncodedTable): Pick<DataSummary, "classNames" | "told"> {
  return targets.kind === "classes"
    ? { classNames: targets.classNames.map(shortened), told: null }
    : { classNames: [], told: { name: targets.names[0], unit: targets.units?.[0] ?? "" } };
}

export function isSummary(found: DataSummary | Text): found is DataSummary {
  return typeof found === "object" && "plane" in found;
}

function numbers(count: number, first = 0): string[] {
  return Array.from({ length: count }, (_, i) => String(i + first));
}
