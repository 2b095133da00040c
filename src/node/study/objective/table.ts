import { type DataOrigin, otherData } from "../../../core/data-origin.ts";
import { DataError } from "../../../core/errors.ts";
import type { Dtype } from "../../../core/tensor.ts";
import type { CsvOptions } from "../../../data/csv/read-options.ts";
import type { Backend } from "../../../kernels/kernels.ts";
import { encodeData } from "../../../model/encode.ts";
import { originOfEncoded } from "../../../model/prepare.ts";
import { tableObjective } from "../../../search/objectives/table.ts";
import type { TableSpec } from "../../../search/objectives/table-spec.ts";
import type { Objective } from "../../../search/trial.ts";
import type { Json } from "../../../store/studies/study-store.ts";
import { selectKernels } from "../../kernels.ts";
import { readCsv } from "../../model-files.ts";
import { checkpointDue } from "./checkpoint-due.ts";

/** A network on a table and what it is trained with, as a study keeps it. */
export interface TableStudy extends TableSpec {
  readonly backend: Backend;
  readonly dtype: Dtype;
  /** How the table is read. */
  readonly read: CsvOptions;
  /** Which data the study began with. */
  readonly origin: DataOrigin;
}

/**
 * The built-in objective `table`: reads the table and opens the kernels once for the thread it runs in.
 * @throws HyperError on settings that do not fit, DataError when the table is not there or is another than the study's
 */
export async function openTableObjective(settings: Json): Promise<Objective> {
  const { backend, dtype, read, origin, ...spec } = settings as unknown as TableStudy;
  const { task, targets } = spec;
  const data = encodeData(await readCsv(spec.data, read), task, targets);
  const other = otherData("study", [origin], [originOfEncoded(data)]);
  if (other !== null) {
    throw new DataError(other);
  }
  return tableObjective(spec, { kernels: selectKernels({ backend, dtype }), data, checkpointDue: checkpointDue() });
}
