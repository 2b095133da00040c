import type { Text } from "./text.ts";

/** Which data a run or study learnt from: enough to find them again, and to tell that others are not them. */
export interface DataOrigin {
  /** `mnist` for the original, else of the folder or file: what a person calls it. */
  readonly name: string;
  /** Absolute path of the folder that was named for it; absent for what Tanren brings itself and for a page's own files. */
  readonly folder?: string;
  /** 16 hexadecimal digits over every value and shape (`data/fingerprint.ts`); the same in Node and in the browser. */
  readonly fingerprint: string;
  /** Rows there are, whether or not all are read. */
  readonly trainRows: number;
  readonly testRows: number;
  /** 0 where numbers are told. */
  readonly classes: number;
  /** Values of one row; absent in records that did not keep it. */
  readonly inputs?: number;
}

/** Whether both lists are of the same data in the same order, wherever the files lie. */
function sameData(a: readonly DataOrigin[], b: readonly DataOrigin[]): boolean {
  return a.length === b.length && a.every(({ fingerprint }, i) => fingerprint === b[i].fingerprint);
}

/** `other-set 8c1f2a60 (1,200 + 300 rows, 10 classes)`: short, and another text for other data. */
export function originText({ name, fingerprint, trainRows, testRows, classes }: DataOrigin): Text {
  const rows = [trainRows, testRows].map((count) => count.toLocaleString("en-US")).join(" + ");
  const short = `${name} ${fingerprint.slice(0, 8)}`;
  const told = classes === 0 ? { en: "", ja: "" } : { en: `, ${classes} classes`, ja: `、${classes} クラス` };
  return { en: `${short} (${rows} rows${told.en})`, ja: `${short}(${rows} 行${told.ja})` };
}

/**
 * Why work that began on some data must not go on with others, naming both; null when they are the same, or when nothing
 * was recorded of the data it began on.
 * @param where what is gone on with: `run 20261123-180000-1a2b`, `study first`
 */
export function otherData(
  where: string,
  began: readonly DataOrigin[],
  found: readonly DataOrigin[],
): { readonly en: string; readonly ja: string } | null {
  if (began.length === 0 || sameData(began, found)) {
    return null;
  }
  const told = (origins: readonly DataOrigin[], language: "en" | "ja") =>
    origins.length === 0
      ? { en: "no data set", ja: "データセットなし" }[language]
      : origins
          .map((origin) => {
            const text = (originText(origin) as { en: string; ja: string })[language];
            return origin.folder === undefined ? text : `${text}, ${origin.folder}`;
          })
          .join("; ");
  const { folder } = began[0];
  const advice =
    folder === undefined
      ? {
          en: "Leave out --data and TANREN_DATA, or begin anew.",
          ja: "--data と TANREN_DATA を外すか、新しく始めてください。",
        }
      : {
          en: `Give its folder (${folder}), or begin anew.`,
          ja: `元のフォルダー(${folder})を指定するか、新しく始めてください。`,
        };
  return {
    en: `${where}: must go on with the data it began with, ${told(began, "en")}, got ${told(found, "en")}. ${advice.en}`,
    ja: `${where}: 開始時のデータは ${told(began, "ja")} ですが、今のデータは ${told(found, "ja")} です。${advice.ja}`,
  };
}
