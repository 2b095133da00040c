import type { Told } from "./text.ts";

/**
 * What Tanren itself writes into a trial's record when it fails. A record's error is one text, as an objective's own
 * exceptions are; here is how these sentences are shown in the other language. `{}` is what differs.
 */
const sentences = {
  lostOften: { en: "Its worker was lost {} times.", ja: "実行していたワーカーが {} 回失われました。" },
  lost: { en: "Its worker was lost: {}.", ja: "実行していたワーカーが失われました({})。" },
  stopped: { en: "The study was stopped.", ja: "探索が停止されました。" },
  late: {
    en: "The trial must end within {} ms, got no end.",
    ja: "試行が {} ミリ秒以内に終わりませんでした。",
  },
  overtime: { en: "The trial took longer than {} ms.", ja: "試行に {} ミリ秒より長くかかりました。" },
  noNumber: {
    en: "The objective must give a number, got {}. Look at its last steps.",
    ja: "目的関数の結果が数値ではありません({})。最後の処理を確かめてください。",
  },
  noConstraints: {
    en: "The objective must tell constraints as numbers in an array, got {}. Return { value, constraints }.",
    ja: "目的関数の constraints が数値の配列ではありません({})。{ value, constraints } の形で返してください。",
  },
  otherConstraints: {
    en: "The objective must tell as many constraints as the study has, got {}. Return { value, constraints }.",
    ja: "目的関数の constraints の個数が study と合いません({})。{ value, constraints } の形で返してください。",
  },
  posted: {
    en: "The objective must return its value, got a message that it posted to parentPort. Return the number.",
    ja: "目的関数が値を返さず、parentPort にメッセージを送りました。数値を return してください。",
  },
  threw: { en: "The objective threw {}.", ja: "目的関数が {} を投げました。" },
  unreadable: {
    en: "The objective threw an error that cannot be read.",
    ja: "目的関数が投げたエラーを読み取れませんでした。",
  },
  damaged: {
    en: "store: the trial's row must be readable, got a damaged one. Restore a copy of the store; the other trials are not concerned.",
    ja: "ストアにあるこの試行の行が壊れていて読めません。ストアの控えを復元してください。ほかの試行には影響ありません。",
  },
} as const satisfies Record<string, Told>;

/** A sentence as the record keeps it. @param what stands where it differs */
export function trialError(name: keyof typeof sentences, what: string | number = ""): string {
  return sentences[name].en.replace("{}", () => String(what));
}

/** What a trial's record says of its failure, in both languages where it is a sentence of Tanren's own. */
export function trialErrorText(error: string): Told {
  for (const { en, ja } of Object.values(sentences)) {
    const [before, after] = en.split("{}");
    if (after === undefined) {
      if (error === en) {
        return { en, ja };
      }
    } else if (error.startsWith(before) && error.endsWith(after) && error.length >= before.length + after.length) {
      const what = error.slice(before.length, error.length - after.length);
      return { en: error, ja: ja.replace("{}", () => what) };
    }
  }
  return { en: error, ja: error };
}

/** The attribute of a trial that failed under which it is kept where its objective threw: `objective.ts:12:7`. */
export const thrownAt = "thrownAt";
