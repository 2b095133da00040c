import { notesOf } from "../core/note.ts";
import type { RunRecord } from "../core/record.ts";
import type { DetailTable } from "../runs/experiment.ts";
import { tagText } from "./series.ts";

/** What the first step showed in each layer of each run. */
export function diagnosticTable(record: Pick<RunRecord, "events">): DetailTable {
  return {
    title: { en: "Every layer at the first step", ja: "最初のステップでの各層" },
    columns: [
      { en: "run", ja: "実行" },
      { en: "layer", ja: "層" },
      { en: "gradient norm ‖∂L/∂W‖", ja: "勾配のノルム ‖∂L/∂W‖" },
      { en: "update ratio ‖ΔW‖/‖W‖", ja: "更新比 ‖ΔW‖/‖W‖" },
      { en: "dead units (share)", ja: "常に0のニューロン(割合)" },
      { en: "saturated outputs (share)", ja: "飽和した出力(割合)" },
      { en: "sleeping weights (share)", ja: "眠っている重み(割合)" },
    ],
    rows: notesOf(record, "diagnostic").flatMap(({ run, tags, layers }) => {
      const told = Object.values(tags).map(tagText);
      return layers.map((diagnostic) => [
        [run, ...told].join(" "),
        diagnostic.layer,
        diagnostic.gradientNorm ?? null,
        diagnostic.updateRatio ?? null,
        diagnostic.deadShare ?? null,
        diagnostic.saturatedShare ?? null,
        diagnostic.sleepingShare ?? null,
      ]);
    }),
  };
}
