import type { Text } from "../../core/text.ts";
import type { TrialRecord, TrialState } from "../../core/trial.ts";
import type { FigureSpec, Layer } from "../../figure/figure-spec.ts";
import type { StudyData, StudyView } from "./study-view.ts";

/** When each trial ran, a lane a worker. */
export const timelineView: StudyView = {
  id: "timeline",
  title: { en: "Timeline", ja: "タイムライン" },
  needs: { en: "a trial that has begun", ja: "開始した試行" },
  draw: timelineFigure,
};

/** Spans that are drawn each by itself. */
const mostSpans = 2000;

/** A trial's time in its lane, in milliseconds since 1970. */
export interface Stretch {
  readonly trial: TrialRecord;
  readonly from: number;
  readonly to: number;
  /** From 0. */
  readonly lane: number;
}

const looks: Readonly<Record<Exclude<TrialState, "waiting">, { name: Text; style: number }>> = {
  complete: { name: { en: "complete", ja: "完了" }, style: 2 },
  pruned: { name: { en: "pruned", ja: "枝刈り" }, style: 7 },
  failed: { name: { en: "failed", ja: "失敗" }, style: 1 },
  running: { name: { en: "running", ja: "実行中" }, style: 5 },
};

/** The trials in as few lanes as they fit without overlapping: as many as ran at the same time. */
export function lanesOf({ trials, now }: StudyData): Stretch[] {
  const begun = trials
    .filter((trial) => trial.startedAt !== null && trial.state !== "waiting")
    .map((trial) => ({
      trial,
      from: trial.startedAt as number,
      to: trial.finishedAt ?? now ?? (trial.startedAt as number),
    }))
    .sort((a, b) => a.from - b.from || a.trial.number - b.trial.number);
  const ends: number[] = [];
  return begun.map((stretch) => {
    const free = ends.findIndex((end) => end <= stretch.from);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = stretch.to;
    return { ...stretch, lane };
  });
}

/** Stretches of one state, those of a lane as one where no gap between them could be seen. */
function joined(stretches: readonly Stretch[], least: number): Pick<Stretch, "from" | "to" | "lane">[] {
  const spans: { from: number; to: number; lane: number }[] = [];
  const open = new Map<number, { from: number; to: number; lane: number }>();
  for (const { from, to, lane } of stretches) {
    const before = open.get(lane);
    // Long ones stay apart, so that each can be seen.
    if (stretches.length > mostSpans && before !== undefined && from - before.to < least && to - from < least) {
      before.to = Math.max(before.to, to);
    } else {
      const span = { from, to, lane };
      spans.push(span);
      open.set(lane, span);
    }
  }
  return spans;
}

function timelineFigure(study: StudyData): FigureSpec | null {
  const stretches = lanesOf(study);
  if (stretches.length === 0) {
    return null;
  }
  const start = stretches[0].from;
  const end = stretches.reduce((latest, { to }) => Math.max(latest, to), start);
  const unit = unitOf(end - start);
  const lanes = 1 + stretches.reduce((highest, { lane }) => Math.max(highest, lane), 0);
  const busy = stretches.reduce((sum, { from, to }) => sum + to - from, 0) / Math.max(1, (end - start) * lanes);
  const at = (time: number) => (time - start) / unit.milliseconds;
  const layers = Object.entries(looks).flatMap(([state, look]): Layer[] => {
    const those = joined(
      stretches.filter(({ trial }) => trial.state === state),
      (end - start) / 1000,
    );
    return those.length === 0
      ? []
      : [
          {
            kind: "spans",
            ...look,
            low: those.map(({ from }) => at(from)),
            high: those.map(({ to }) => at(to)),
            y: those.map(({ lane }) => lanes - 1 - lane),
            height: 0.8,
          },
        ];
  });
  const retried = stretches.filter(({ trial }) => trial.attempt > 1).length;
  const percent = Math.round(100 * busy);
  const named = lanes <= 16 ? Array.from({ length: lanes }, (_, i) => i) : [];
  return {
    id: "timeline",
    title: timelineView.title,
    subtitle: {
      en: `${lanes} at a time at most, busy ${percent}% of the time${retried > 0 ? `; ${retried} trials needed another attempt` : ""}`,
      ja: `同時に最大 ${lanes} 件、稼働率 ${percent}%${retried > 0 ? `。再試行した試行は ${retried} 件` : ""}`,
    },
    columns: 1,
    panels: [
      {
        kind: "plane",
        aspect: Math.min(0.7, 0.08 + 0.05 * lanes),
        x: { label: unit.label, domain: [0, Math.max(at(end), 1e-6)] },
        y: {
          label: named.length > 0 ? "" : { en: "lane", ja: "レーン" },
          domain: [-0.6, lanes - 0.4],
          ...(named.length > 0
            ? { ticks: named, tickLabels: named.map((i) => ({ en: `lane ${lanes - i}`, ja: `レーン ${lanes - i}` })) }
            : {}),
        },
        layers,
      },
    ],
  };
}

function unitOf(milliseconds: number): { milliseconds: number; label: Text } {
  return milliseconds < 180_000
    ? { milliseconds: 1000, label: { en: "seconds since the first trial began", ja: "最初の試行からの経過時間(秒)" } }
    : milliseconds < 3 * 3_600_000
      ? {
          milliseconds: 60_000,
          label: { en: "minutes since the first trial began", ja: "最初の試行からの経過時間(分)" },
        }
      : {
          milliseconds: 3_600_000,
          label: { en: "hours since the first trial began", ja: "最初の試行からの経過時間(時間)" },
        };
}
