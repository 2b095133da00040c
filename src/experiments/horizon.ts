import { choice } from "../core/hyper.ts";
import { type HorizonNote, notesOf } from "../core/note.ts";
import type { RunRecord, Series, Tags, TaskEvent } from "../core/record.ts";
import type { Dtype } from "../core/tensor.ts";
import { inLanguage, type Text } from "../core/text.ts";
import type { Sequential } from "../nn/sequential.ts";
import { noteText } from "./note-text.ts";

/**
 * By how much a loss and its twin's may differ, relative to the larger, before they are said to have parted: float64, as
 * the chapter's numbers are promised; float32, the fourth digit, the last that tables print. Accuracies part by one row.
 */
const horizonTolerance: Readonly<Record<Dtype, number>> = { float64: 1e-9, float32: 1e-4 };

/** The setting that trains a twin beside each net. */
export function horizonSetting() {
  return choice({
    options: ["off", "on"],
    default: "off",
    about: {
      en: "mark how far each curve is the same on every computer: trains a twin beside each net, its weights one unit in the last place apart (takes twice the time)",
      ja: "各曲線がどのコンピュータでも同じになる限界を示す。各ネットワークの隣で、初期値を最下位の1単位だけずらした双子を訓練する(時間は2倍)",
    },
  });
}

/**
 * Moves every initial weight by one unit in its last place, away from 0 or towards it: always the same ones the same way.
 * Biases, γ and β stay, and weights that are 0.
 */
export function nudgeWeights({ parameters, kernels: { dtype } }: Sequential): void {
  for (const { shape, begin, value } of parameters) {
    if (shape.start !== "drawn") {
      continue;
    }
    const { buffer, byteOffset, length } = value.data;
    if (dtype === "float64") {
      const bits = new BigInt64Array(buffer, byteOffset, length);
      for (let i = 0; i < length; i++) {
        bits[i] += value.data[i] === 0 ? 0n : BigInt(direction(begin + i));
      }
    } else {
      const bits = new Int32Array(buffer, byteOffset, length);
      for (let i = 0; i < length; i++) {
        bits[i] += value.data[i] === 0 ? 0 : direction(begin + i);
      }
    }
  }
}

/** 1 or −1, in no order, by Knuth's multiplicative hash of the weight's place. */
function direction(place: number): 1 | -1 {
  return (Math.imul(place + 1, 0x9e3779b1) & 0x10000) === 0 ? 1 : -1;
}

/** Compares what a net and its twin measure, and says where they part. */
export class HorizonFinder {
  private readonly parted = new Set<string>();
  private readonly run: string;
  private readonly tags: Tags;
  private readonly dtype: Dtype;

  constructor({ run, tags }: { readonly run: string; readonly tags: Tags }, dtype: Dtype) {
    this.run = run;
    this.tags = tags;
    this.dtype = dtype;
  }

  /** A note the first time that a metric's two values differ by more than the tolerance; null else. */
  compare(metric: string, step: number, ours: number, theirs: number): TaskEvent | null {
    if (this.parted.has(metric) || !this.differ(metric, ours, theirs)) {
      return null;
    }
    this.parted.add(metric);
    const note: HorizonNote = { kind: "horizon", run: this.run, tags: this.tags, step, metric };
    return { kind: "note", note: { ...note, message: inLanguage(noteText(note) ?? "", "en") } };
  }

  /** Whether all of these have parted: the twin has nothing more to tell. */
  isPast(metrics: readonly string[]): boolean {
    return metrics.every((metric) => this.parted.has(metric));
  }

  private differ(metric: string, ours: number, theirs: number): boolean {
    if (!Number.isFinite(ours) || !Number.isFinite(theirs)) {
      return Number.isFinite(ours) !== Number.isFinite(theirs);
    }
    const apart = Math.abs(ours - theirs);
    return metric.endsWith("Accuracy")
      ? apart > 0
      : apart > horizonTolerance[this.dtype] * Math.max(Math.abs(ours), Math.abs(theirs));
  }
}

/** Where a series' digits end to be the same on every computer; undefined where they never do, or were not asked after. */
export function horizonOf(
  record: Pick<RunRecord, "events">,
  { run, tags, metric }: Pick<Series, "run" | "tags" | "metric">,
): number | undefined {
  const key = JSON.stringify(tags);
  return notesOf(record, "horizon").find(
    (note) => note.run === run && note.metric === metric && JSON.stringify(note.tags) === key,
  )?.step;
}

/** What is said under a figure of a record with horizons; the words themselves where it has none. */
export function withHorizonWords({ events }: Pick<RunRecord, "events">, words: Text): Text {
  return events.some(({ kind }) => kind === "horizon")
    ? {
        en: `${inLanguage(words, "en")}. From × on, pale and dashed: past the horizon, where two computers would disagree`,
        ja: `${inLanguage(words, "ja")}。× から先の薄い破線は再現限界の先で、コンピュータによって値が変わります`,
      }
    : words;
}

/** What the horizons of a record say together; nothing where none were asked after. */
export function horizonFinding(record: Pick<RunRecord, "series" | "events" | "settings" | "engine">): Text[] {
  if (record.settings.horizon !== "on") {
    return [];
  }
  const past = record.series.filter((series) => horizonOf(record, series) !== undefined).length;
  const { dtype } = record.engine;
  const digits = dtype === "float64" ? "1e-9" : "1e-4";
  return [
    past === 0
      ? {
          en: `Horizon: none of the ${record.series.length} curves changes when every initial weight is moved by one unit in its last place (losses to a relative ${digits}, accuracies exactly): all digits are real in ${dtype}.`,
          ja: `再現限界: 初期値をすべて最下位の1単位だけずらしても、${record.series.length} 本の曲線はどれも変わりません(損失は相対誤差 ${digits} 以内、精度は完全一致)。${dtype} で得られた値は最後まで再現できます。`,
        }
      : {
          en: `Horizon: ${past} of the ${record.series.length} curves change when every initial weight is moved by one unit in its last place (losses by more than a relative ${digits}, accuracies by a row). Past their horizon two computers, or two builds of one library, would disagree in ${dtype}.`,
          ja: `再現限界: 初期値をすべて最下位の1単位だけずらすと、${record.series.length} 本のうち ${past} 本の曲線が変わります(損失は相対誤差 ${digits} 超、精度は1件以上)。限界より先の値は、${dtype} ではコンピュータやライブラリのビルドによって異なります。`,
        },
  ];
}
