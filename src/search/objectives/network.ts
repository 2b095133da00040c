import { RandomStream } from "../../core/random.ts";
import { type Dataset, selectRows } from "../../data/dataset.ts";
import { ArenaScope } from "../../kernels/arena-scope.ts";
import type { KernelSet } from "../../kernels/kernels.ts";
import { planned } from "../../kernels/planned.ts";
import { imageAsked } from "../../nn/build-network.ts";
import { squareImage } from "../../nn/image-shape.ts";
import { parseNetwork } from "../../nn/network-text.ts";
import { optimizerNamed } from "../../optim/registry.ts";
import { scheduleNamed } from "../../schedule/registry.ts";
import type { RateCurve } from "../../schedule/schedule.ts";
import { AccuracyMeter } from "../../train/accuracy.ts";
import { evaluationRows } from "../../train/evaluate.ts";
import { openTraining, withAverage } from "../../train/open-training.ts";
import { openTechniques } from "../../train/techniques/open.ts";
import { train } from "../../train/train.ts";
import { type Objective, PrunedTrial, type Trial } from "../trial.ts";
import { packTraining, unpackTraining } from "./network-checkpoint.ts";
import { layersOf, type NetworkValues } from "./network-layers.ts";
import { networkSettings } from "./network-settings.ts";
import { checkNetwork, type Drawn, drawn, type NetworkSpec } from "./network-spec.ts";

export interface NetworkMeans {
  readonly kernels: KernelSet;
  readonly dataset: Dataset;
  /** Whether a checkpoint is worth its bytes by now; asked after each epoch. Never when absent. */
  readonly checkpointDue?: () => boolean;
}

/**
 * Trains a network with the hyper-parameters that a trial draws, and gives its accuracy on the validation rows after the
 * last epoch, a fraction in [0, 1] to be maximized. Reports it after every epoch, steps from 0, and may be pruned there.
 * A network that diverges ends at once with the accuracy it has then, noted as `diverged`. Weights and minibatches come
 * from the trial's own stream. An attempt whose trial has a checkpoint goes on from it, to the same bits.
 */
export function networkObjective(spec: NetworkSpec, { kernels, dataset, checkpointDue }: NetworkMeans): Objective {
  const { fixed, space } = checkNetwork(spec);
  const trained = async (trial: Trial, kernels: KernelSet): Promise<number> => {
    const { values, hyper, curve, asked } = drawn((name, distribution) => trial.suggest(name, distribution), {
      space,
      fixed,
    });
    const image = imageAsked(parseNetwork(values.network)) ?? squareImage(dataset.train.images.width);
    const techniques = openTechniques(asked, { image, batchSize: values.batchSize });
    const { batchSize, epochs, trainRows, validationShare, weightDecay, weightInit } = values;
    const { count } = dataset.train.images;
    const order = RandomStream.seeded(spec.seed).permutation(Math.min(trainRows, count));
    const held = Math.min(order.length - 1, Math.max(1, Math.floor(order.length * validationShare)));
    const training = selectRows(dataset.train, order.slice(held));
    const validation = selectRows(dataset.train, order.slice(0, held));
    const rows = training.images.count;
    const batch = Math.min(batchSize, rows);
    const perEpoch = Math.max(1, Math.floor(rows / (batch * (techniques.plan.accumulate ?? 1))));
    const { width } = training.images;
    const { means, meter } = planned(kernels, (kernels) => {
      const means = openTraining({
        kernels,
        layers: layersOf(values, [...Object.keys(space), ...Object.keys(fixed)], {
          inputSize: width,
          image,
          classes: dataset.classes,
        }),
        optimizer: optimizerNamed(values.optimizer),
        hyper,
        split: training,
        batchSize: batch,
        maxRows: evaluationRows,
        // A rule that takes it from the weights itself does so instead of the loss.
        weightDecay: Object.hasOwn(optimizerNamed(values.optimizer).hyper, "weightDecay") ? 0 : weightDecay,
        weightInit,
        stream: trial.random,
        ...techniques.plan,
      });
      return { means, meter: new AccuracyMeter(means.network, width) };
    });
    const iterations = epochs * perEpoch;
    const rates = ratesOf(values, { hyper, curve, steps: iterations });
    const before = trial.resumed instanceof Uint8Array ? unpackTraining(means, trial.resumed, rates) : null;
    const stream = before?.stream ?? trial.random;
    const from = before?.steps ?? 0;
    means.network.random = stream;
    const accuracyNow = () => withAverage(means, () => meter.of(validation));
    // All that is left to do of an attempt that was lost after its last epoch.
    let accuracy = from === iterations ? accuracyNow() : 0;
    const events = train({
      ...means,
      augmentation: techniques.augmentation(stream),
      rows,
      batchSize: batch,
      iterations: iterations - from,
      stream,
      signal: trial.signal,
    });
    const setRate = (step: number) => {
      if (rates !== null && step < iterations) {
        means.updater.setHyper({ lr: rates.rate(step) });
      }
    };
    setRate(from);
    for await (const event of events) {
      if (event.kind === "diverged") {
        trial.note("diverged", { step: from + event.step, layer: event.layer });
        return accuracyNow();
      }
      if (event.kind !== "step") {
        continue;
      }
      const steps = from + event.step + 1;
      rates?.observe?.(event.loss);
      setRate(steps);
      if (steps % perEpoch === 0) {
        const epoch = steps / perEpoch - 1;
        accuracy = accuracyNow();
        trial.report(accuracy, epoch);
        if (epoch + 1 < epochs && trial.shouldPrune()) {
          throw new PrunedTrial();
        }
        if (checkpointDue?.()) {
          trial.checkpoint(packTraining(means, { steps, stream, rates }));
        }
      }
    }
    trial.signal.throwIfAborted();
    return accuracy;
  };
  return async (trial) => {
    const scope = new ArenaScope();
    try {
      return await trained(trial, scope.within(kernels));
    } finally {
      scope.end();
    }
  };
}

/** The rates of a trial; null where its schedule leaves them as they are. */
function ratesOf(
  { optimizer, schedule }: NetworkValues,
  { hyper, curve, steps }: Pick<Drawn, "hyper" | "curve"> & { readonly steps: number },
): RateCurve | null {
  if (schedule === networkSettings.schedule.default) {
    return null;
  }
  const { lr } = optimizerNamed(optimizer).hyper;
  return scheduleNamed(schedule).open(curve, { lr: hyper.lr ?? Number(lr.default), steps });
}
