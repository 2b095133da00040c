import { type DataOrigin, otherData } from "../../../core/data-origin.ts";
import { DataError, HyperError } from "../../../core/errors.ts";
import { type Dtype, dtypes } from "../../../core/tensor.ts";
import { originOf } from "../../../data/fingerprint.ts";
import { type Backend, backends } from "../../../kernels/kernels.ts";
import { networkObjective } from "../../../search/objectives/network.ts";
import { checkNetwork, type NetworkSpec } from "../../../search/objectives/network-spec.ts";
import type { Objective } from "../../../search/trial.ts";
import type { Json } from "../../../store/studies/study-store.ts";
import { loadDataset } from "../../data/datasets.ts";
import { selectKernels } from "../../native-kernels.ts";
import { checkpointDue } from "./checkpoint-due.ts";

/** A network by flags and what it is trained with, as a study keeps it. */
export interface NetworkStudy extends NetworkSpec {
  readonly backend: Backend;
  readonly dtype: Dtype;
  /** Which data the study began with; absent in studies that did not keep it. */
  readonly origin?: DataOrigin;
}

/**
 * The built-in objective `network`: loads the data set and the kernels once for the thread it runs in.
 * @throws HyperError on settings that do not fit, DataError when the data set is not there or is another than the study's
 */
export async function openNetworkObjective(settings: Json): Promise<Objective> {
  const { backend, dtype, origin, ...spec } = settings as unknown as NetworkStudy;
  if (!backends.includes(backend) || !dtypes.includes(dtype)) {
    throw new HyperError({
      en: `network: backend and dtype must be known, got ${backend} and ${dtype}. Use one of ${backends.join(", ")} and ${dtypes.join(", ")}.`,
      ja: `network: backend は ${backends.join("、")}、dtype は ${dtypes.join("、")} のいずれかを指定してください(指定された値: ${backend} と ${dtype})。`,
    });
  }
  const checked = checkNetwork(spec);
  const dataset = await loadDataset(checked.data);
  const other = otherData("study", origin === undefined ? [] : [origin], [originOf(dataset)]);
  if (other !== null) {
    throw new DataError(other);
  }
  return networkObjective(checked, {
    kernels: selectKernels({ backend, dtype }),
    dataset,
    checkpointDue: checkpointDue(),
  });
}
