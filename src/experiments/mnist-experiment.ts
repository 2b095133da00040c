import { type HyperSet, resolve, type ValuesOf } from "../core/hyper.ts";
import { type DataShape, defineExperiment, type Experiment, type TypedExperiment } from "../runs/experiment.ts";
import type { MinibatchTask } from "./minibatch-task.ts";
import type { NetworkSketch } from "./sketch.ts";

/** What an experiment says of itself that trains networks on minibatches of MNIST. It is given its settings complete. */
interface MnistExperiment<S extends HyperSet>
  extends Omit<Experiment<S>, "plan" | "sketch" | "execute" | "datasets" | "presets"> {
  /** Beside `book`, which is as the settings have it. */
  readonly presets?: Experiment["presets"];
  plan(values: ValuesOf<S>, seed: number, data?: DataShape): MinibatchTask[];
  sketch?(values: ValuesOf<S>): NetworkSketch[];
}

export function mnistExperiment<S extends HyperSet>(definition: MnistExperiment<S>): TypedExperiment<S> {
  const { plan, sketch, presets, ...rest } = definition;
  return defineExperiment({
    ...rest,
    presets: { book: {}, ...presets },
    datasets: ["mnist"],
    ...(sketch === undefined ? {} : { sketch: (given) => sketch(resolve(rest.settings, given)) }),
    plan: (given, seed, data) => plan(resolve(rest.settings, given), seed, data),
    // What trains is loaded where a task is run: a page only plans, and draws what comes.
    async *execute(task, context) {
      const { trainMinibatches } = await import("./minibatch-run.ts");
      yield* trainMinibatches(task as MinibatchTask, context);
    },
  });
}
