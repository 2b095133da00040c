import type { RunRecord } from "../core/record.ts";
import type { Experiment } from "../experiments/experiment.ts";
import type { CliContext } from "./context.ts";
import type { OutputFile } from "./outputs.ts";

/** The figure and report files of a run, and what a reader should know of them. */
export async function figureFiles(
  _experiment: Experiment,
  _record: RunRecord,
  _context: CliContext,
): Promise<{ files: OutputFile[]; notes: string[] }> {
  return { files: [], notes: [] };
}
