import { wholeNumber } from "../core/checks.ts";
import { DataError } from "../core/errors.ts";
import { describeValue } from "../core/foreign-value.ts";
import { checkSplit } from "./check-split.ts";
import type { Dataset } from "./dataset.ts";
import { mostLabels } from "./split.ts";

/**
 * Makes sure that experiments can be run on a data set that a program made: both parts are there, of bytes, alike, and fit
 * its number of classes.
 * @throws HyperError, DataError that names the part, and the row
 */
export function checkDataset(dataset: Dataset): void {
  const wrong = (en: string, ja: string): never => {
    throw new DataError({ en: `data set: ${en}`, ja: `データセット: ${ja}` });
  };
  if (typeof dataset?.name !== "string") {
    wrong(
      `must be what loadDataset gives, or { name, classes, train, test }, got ${describeValue(dataset)}. Await loadDataset first.`,
      `loadDataset の結果か { name, classes, train, test } を渡してください(${describeValue(dataset)} でした)。loadDataset は await します。`,
    );
  }
  const { name, classes, train, test } = dataset;
  wholeNumber(`data set ${name}`, "classes", classes, { min: 1, max: mostLabels });
  for (const [part, split] of Object.entries({ train, test })) {
    if (!(split?.images?.data instanceof Uint8Array)) {
      wrong(
        `${part} of ${name} must hold images as bytes, { images: { data, count, width }, labels }, got ${describeValue(split?.images?.data)}. Give both train and test.`,
        `${name} の ${part} には、バイトの画像とラベル { images: { data, count, width }, labels } が必要です(${describeValue(split?.images?.data)} でした)。train と test の両方を渡してください。`,
      );
    }
    checkSplit(split, classes, { where: `data set ${name}, ${part}` });
  }
  if (train.images.width !== test.images.width) {
    wrong(
      `train and test of ${name} must have rows alike, got ${train.images.width} and ${test.images.width} values. Correct one.`,
      `${name} の train と test は1行の値の数が同じでなければなりません(${train.images.width} と ${test.images.width})。`,
    );
  }
}
