import { shellWord } from "../core/command-words.ts";
import { type DataOrigin, originText } from "../core/data-origin.ts";
import { resolve, written } from "../core/hyper.ts";
import type { RunRecord } from "../core/record.ts";
import { inLanguage, type Text } from "../core/text.ts";
import type { ReportSection, ReportSpec } from "../figure/report-spec.ts";
import type { Experiment } from "../runs/experiment.ts";
import { explanations } from "./ch06/explanations.generated.ts";
import { explanations as next } from "./next/explanations.generated.ts";
import { noteText } from "./note-text.ts";
import { sectionLabel } from "./section-text.ts";

/** A finished or interrupted run with its experiment, as one section of a report. */
export function reportSection(experiment: Experiment, record: RunRecord): ReportSection {
  const { id, section, title, summary, settings } = experiment;
  const book = resolve(settings, {});
  const { engine, seconds } = record;
  return {
    id,
    label: sectionLabel(section),
    title,
    summary,
    prose: explanations[id] ?? next[id] ?? { en: "", ja: "" },
    figures: experiment.figures(record),
    table: experiment.results(record),
    details: (experiment.details?.(record) ?? []).filter(({ rows }) => rows.length > 0),
    findings: experiment.findings?.(record) ?? [],
    notes: record.events.flatMap((note): Text[] => {
      const text = noteText(note);
      return text === undefined ? [] : [text];
    }),
    formulas: experiment.formulas?.(record) ?? [],
    settings: Object.entries(settings).map(([name, { about }]) => ({
      name,
      about,
      value: written(record.settings[name] ?? book[name]),
      book: written(book[name]),
    })),
    facts: [
      { name: { en: "command", ja: "コマンド" }, value: commandOf(experiment, record) },
      ...(record.data ?? []).map((origin) => ({ name: { en: "data", ja: "データ" }, value: originLine(origin) })),
      { name: { en: "started", ja: "開始" }, value: record.startedAt },
      { name: { en: "time", ja: "所要時間" }, value: `${seconds.total.toFixed(2)} s` },
      { name: { en: "kernels", ja: "カーネル" }, value: `${engine.kernels}, ${engine.dtype}` },
      { name: { en: "workers", ja: "ワーカー数" }, value: String(engine.workers) },
      { name: { en: "version", ja: "バージョン" }, value: `tanren ${record.tanren}` },
    ],
  };
}

/** The page of one or several runs. */
export function reportOf(runs: readonly { experiment: Experiment; record: RunRecord }[]): ReportSpec {
  const [{ experiment, record }] = runs;
  const { seed, preset } = record;
  const seconds = runs.reduce((sum, run) => sum + run.record.seconds.total, 0).toFixed(1);
  return {
    title:
      runs.length === 1
        ? experiment.title
        : { en: "Techniques for training: the whole chapter", ja: "学習に関するテクニック(第6章の全実験)" },
    provenance: {
      en: `Tanren ${record.tanren} · preset ${preset} · seed ${seed} · ${seconds} s`,
      ja: `Tanren ${record.tanren} · プリセット ${preset} · シード ${seed} · ${seconds} 秒`,
    },
    sections: runs.map((run) => reportSection(run.experiment, run.record)),
  };
}

/** A data set, with its folder where one was named. */
export function originLine(origin: DataOrigin): Text {
  const { folder } = origin;
  const line = (language: "en" | "ja") =>
    [inLanguage(originText(origin), language), ...(folder === undefined ? [] : [folder])].join(" · ");
  return { en: line("en"), ja: line("ja") };
}

/** The command that gives the same numbers again. */
export function commandOf(experiment: Experiment, record: RunRecord): string {
  const { preset, seed, engine } = record;
  const own = experiment.command?.(record);
  if (own !== undefined) {
    return own;
  }
  const base = resolve(experiment.settings, experiment.presets[preset] ?? {});
  const changed = Object.entries(record.settings)
    .filter(([name, value]) => written(value) !== written(base[name]))
    // Line breaks are written `\n`, as settings read them.
    .map(([name, value]) => `--set ${shellWord(`${name}=${written(value)}`.replaceAll("\n", "\\n"))}`);
  const folder = record.data?.find((origin) => origin.folder !== undefined)?.folder;
  const backend = engine.kernels.startsWith("native") ? "native" : engine.kernels;
  return [
    `tanren run ${experiment.id}`,
    ...(preset === "book" ? [] : [`--preset ${preset}`]),
    ...changed,
    ...(folder === undefined ? [] : [`--data ${shellWord(folder)}`]),
    `--seed ${seed}`,
    `--backend ${backend}`,
    `--dtype ${engine.dtype}`,
  ].join(" ");
}
