import { RandomStream } from "../../src/core/random.ts";
import type { Dataset, Split } from "../../src/data/dataset.ts";
import type { KernelSet } from "../../src/kernels/kernels.ts";
import { planned } from "../../src/kernels/planned.ts";
import { optimizerNamed } from "../../src/optim/registry.ts";
import { scheduleNamed } from "../../src/schedule/registry.ts";
import { AccuracyMeter } from "../../src/train/accuracy.ts";
import type { EditionOptions, Editions } from "../../src/train/augment/editions.ts";
import { ShuffledBatches } from "../../src/train/batch-order.ts";
import { evaluationRows } from "../../src/train/evaluate.ts";
import { openTraining, withAverage } from "../../src/train/open-training.ts";
import { openTechniques } from "../../src/train/techniques/open.ts";
import { train } from "../../src/train/train.ts";
import type { Recipe } from "./recipes.ts";

const image = { height: 28, width: 28, channels: 1 } as const;

export interface RecordRun {
  /** Share of the 10,000 test images told rightly, after the last update; nothing was chosen by them. */
  readonly accuracy: number;
  /** From the data in memory to the last update. */
  readonly seconds: number;
}

/** Where a record is trained. */
export interface RecordPlace {
  /** Kernels and element type, for a heading. */
  readonly where: string;
  /** @param changed what of the recipe is left out; only in Node */
  train(seed: number, changed?: Partial<Recipe>): Promise<RecordRun>;
  close(): Promise<void>;
}

export interface RecordOptions {
  readonly kernels: KernelSet;
  readonly dataset: Dataset;
  readonly seed: number;
  /** Moves the images of each epoch on a thread of its own, while the epoch before is learnt. */
  readonly editions: (split: Split, options: EditionOptions) => Editions;
}

/** Trains a recipe once on all 60,000 images; each epoch sees every image once. The same in Node and in a page. */
export async function trainRecord(recipe: Recipe, options: RecordOptions): Promise<RecordRun> {
  const { kernels, dataset, seed } = options;
  const { batchSize, epochs, schedule, move, movedFrom } = recipe;
  const { train: split, test } = dataset;
  const { count: rows, width } = split.images;
  const began = performance.now();
  const editions = move === null ? null : options.editions(split, { image, move, seed });
  try {
    const stream = RandomStream.seeded(seed);
    const { plan, augmentation } = openTechniques(recipe.techniques, { image, batchSize });
    const { training, meter } = planned(kernels, (kernels) => {
      const training = openTraining({
        kernels,
        layers: recipe.layers(),
        optimizer: optimizerNamed(recipe.optimizer),
        hyper: recipe.hyper,
        split,
        batchSize,
        maxRows: evaluationRows,
        weightInit: "he",
        stream,
        ...plan,
      });
      return { training, meter: new AccuracyMeter(training.network, width) };
    });
    training.network.random = stream;
    const order = new ShuffledBatches({ rows, batchSize, stream });
    const iterations = epochs * order.batches;
    const curve =
      schedule === null
        ? null
        : scheduleNamed(schedule.name).open(schedule.hyper, { lr: recipe.hyper.lr, steps: iterations });
    const rate = (step: number) => curve !== null && training.updater.setHyper({ lr: curve.rate(step) });
    rate(0);
    for (let epoch = 0; epoch < epochs; epoch++) {
      const loader =
        editions === null || epoch < movedFrom ? training.loader : training.loader.over(await editions.next());
      const steps = {
        ...training,
        loader,
        rows,
        batchSize,
        stream,
        order,
        augmentation: augmentation(stream),
        firstStep: epoch * order.batches,
        iterations: (epoch + 1) * order.batches,
      };
      for await (const event of train(steps)) {
        if (event.kind === "step" && event.step + 1 < iterations) {
          rate(event.step + 1);
        }
      }
    }
    const seconds = (performance.now() - began) / 1000;
    const accuracy = withAverage(training, () => meter.of(test));
    return { accuracy, seconds };
  } finally {
    editions?.close();
  }
}
