import { type DataOrigin, otherData } from "../../../core/data-origin.ts";
import { DataError } from "../../../core/errors.ts";
import type { Dtype } from "../../../core/tensor.ts";
import type { CsvOptions } from "../../../data/csv/read-options.ts";
import type { Backend } from "../../../kernels/kernels.ts";
import { type EncodedData, encodeData } from "../../../model/encode.ts";
import { originOfEncoded } from "../../../model/prepare.ts";
import { originOfMeasured } from "../../../model/questions.ts";
import type { Table } from "../../../model/table.ts";
import { tableObjective } from "../../../search/objectives/table.ts";
import type { TableSpec } from "../../../search/objectives/table-spec.ts";
import type { Objective } from "../../../search/trial.ts";
import type { Json } from "../../../store/studies/study-store.ts";
import { readCsv } from "../../model-files.ts";
import { selectKernels } from "../../native-kernels.ts";
import { checkpointDue } from "./checkpoint-due.ts";

/** A network on a table and what it is trained with, as a study keeps it. */
export interface TableStudy extends TableSpec {
  readonly backend: Backend;
  readonly dtype: Dtype;
  /** How the table is read. */
  readonly read: CsvOptions;
  /** Which data the study began with. */
  readonly origin: DataOrigin;
  /** Which rows it measures, where they are a table of their own. */
  readonly validationOrigin?: DataOrigin;
}

/**
 * The built-in objective `table`: reads the table and opens the kernels once for the thread it runs in.
 * @throws HyperError on settings that do not fit, DataError when the table is not there or is another than the study's
 */
export async function openTableObjective(settings: Json): Promise<Objective> {
  const { backend, dtype, read, origin, validationOrigin, ...spec } = settings as unknown as TableStudy;
  const { task, targets } = spec;
  const data = encodeData(await readCsv(spec.data, read), task, targets);
  const measured = await measuredTable(spec, read, data);
  const began = validationOrigin === undefined ? [origin] : [origin, validationOrigin];
  const other = otherData("study", began, [originOfEncoded(data), ...(measured === null ? [] : [measured.origin])]);
  if (other !== null) {
    throw new DataError(other);
  }
  return tableObjective(spec, {
    ...{ kernels: selectKernels({ backend, dtype }), data, checkpointDue: checkpointDue() },
    ...(measured === null ? {} : { validation: measured.table }),
  });
}

/**
 * The table that trials measure, read as the one they learn from, and which data it holds; null where they hold rows back.
 * @throws CsvError, DataError on one that cannot be measured
 */
export async function measuredTable(
  { validationData, task, targets }: Pick<TableSpec, "validationData" | "task" | "targets">,
  { weights: _, ...read }: CsvOptions,
  data: EncodedData,
): Promise<{ readonly table: Table; readonly origin: DataOrigin } | null> {
  if (validationData === undefined) {
    return null;
  }
  const table = await readCsv(validationData, { ...read, target: targets });
  return { table, origin: originOfMeasured(table, data, task) };
}
