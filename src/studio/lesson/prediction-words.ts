import type { RunRecord } from "../../core/record.ts";
import { inLanguage, type Text } from "../../core/text.ts";
import type { DrawnPrediction, OrderPrediction } from "../../experiments/lesson.ts";

const short = (value: number) => String(Number(value.toPrecision(2)));

/** Names where a drawn prediction was furthest off, and how far. */
export function drawnDifference(task: DrawnPrediction, guess: readonly number[], record: RunRecord): Text {
  const truth = task.truth(record);
  const off = guess.map((value, i) => (truth[i] === null ? 0 : value - (truth[i] as number)));
  const worst = off.reduce((most, value, i) => (Math.abs(value) > Math.abs(off[most]) ? i : most), 0);
  const mean = off.reduce((sum, value) => sum + Math.abs(value), 0) / Math.max(1, off.length);
  const near = 0.1 * (task.high - task.low);
  const none = truth.indexOf(null);
  if (none >= 0) {
    return {
      en: `At ${inLanguage(task.at[none], "en")} there is no number: the run diverged, or did not come so far.`,
      ja: `${inLanguage(task.at[none], "ja")} には値がありません。発散したか、そこまで進んでいません。`,
    };
  }
  if (Math.abs(off[worst]) <= near) {
    return {
      en: `Close everywhere: on average ${short(mean)} off.`,
      ja: `どこも近い値でした。平均のずれは ${short(mean)} です。`,
    };
  }
  const high = off[worst] > 0;
  return {
    en: `Furthest off at ${inLanguage(task.at[worst], "en")}: you expected ${short(guess[worst])}, it was ${short(truth[worst] as number)}, ${high ? "lower" : "higher"} than you thought. On average ${short(mean)} off.`,
    ja: `いちばんずれたのは ${inLanguage(task.at[worst], "ja")} です。予想は ${short(guess[worst])}、結果は ${short(truth[worst] as number)} で、予想より${high ? "低く" : "高く"}なりました。平均のずれは ${short(mean)} です。`,
  };
}

/** Says how many places of an order were right, and which was furthest off. */
export function orderDifference(task: OrderPrediction, guess: readonly string[], record: RunRecord): Text {
  const truth = task.truth(record);
  const right = guess.filter((id, i) => truth[i] === id).length;
  if (right === truth.length) {
    return { en: "Right in every place.", ja: "順位はすべて正解です。" };
  }
  const distance = (id: string) => Math.abs(guess.indexOf(id) - truth.indexOf(id));
  const worst = [...guess].sort((a, b) => distance(b) - distance(a))[0];
  const name = task.items.find(({ id }) => id === worst)?.name ?? worst;
  return {
    en: `${right} of ${truth.length} places right. Furthest off: ${inLanguage(name, "en")}, expected at ${guess.indexOf(worst) + 1}, came at ${truth.indexOf(worst) + 1}.`,
    ja: `${truth.length} 個のうち ${right} 個が正解です。いちばんずれたのは ${inLanguage(name, "ja")} で、予想は ${guess.indexOf(worst) + 1} 番目、結果は ${truth.indexOf(worst) + 1} 番目でした。`,
  };
}
