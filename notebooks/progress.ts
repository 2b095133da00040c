/** The lines that the original scripts print while they train, made of our events as they come. */
import type { RunEvent } from "../src/core/record.ts";
import type { Task } from "../src/runs/experiment.ts";
import type { RunObserver } from "../src/runs/session.ts";

/** What the tasks of a run have measured so far; tasks as the plan numbers them. */
interface Measured {
  /** The value of a metric at an iteration; undefined where it has not come yet. */
  at(task: number, metric: string, iteration: number): number | null | undefined;
  /** Whether the task has come to its end. */
  ended(task: number): boolean;
}

type Value = number | null | undefined;
/** The next lines, or null when what they need is not all there. */
type NextLines = (measured: Measured) => string[] | null;

/** Lines in the order of the script, whichever thread is ahead. */
function inOrder(next: NextLines, print: (line: string) => void): RunObserver {
  const points = new Map<string, Map<number, number | null>>();
  const ends = new Set<number>();
  const key = (task: number, metric: string) => `${task} ${metric}`;
  const measured: Measured = {
    at: (task, metric, iteration) => points.get(key(task, metric))?.get(iteration),
    ended: (task) => ends.has(task),
  };
  return {
    update({ task, event }: RunEvent) {
      if (event.kind === "points") {
        const series = points.get(key(task, event.metric)) ?? new Map<number, number | null>();
        points.set(key(task, event.metric), series);
        event.x.forEach((x, i) => {
          series.set(x, event.y[i]);
        });
      } else if (event.kind === "ended") {
        ends.add(task);
      }
      for (let lines = next(measured); lines !== null; lines = next(measured)) {
        for (const line of lines) {
          print(line);
        }
      }
    },
    finish() {},
  };
}

/** NumPy's word for what is not a number. */
const written = (value: Value) => (value === null || value === undefined ? "nan" : String(value));

/** The losses of all networks every 100 iterations. */
function losses(tasks: readonly Task[]): NextLines {
  let iteration = 0;
  return ({ at }) => {
    const values = tasks.map((_, task) => at(task, "loss", iteration));
    if (values.includes(undefined)) {
      return null;
    }
    const lines = tasks.map(({ run }, task) => `${run}:${written(values[task])}`);
    lines.unshift(`===========iteration:${iteration}===========`);
    iteration += 100;
    return lines;
  };
}

/** Which of the scales it is, then an epoch a line: accuracy without and with Batch Normalization. */
function scales(tasks: readonly Task[]): NextLines {
  const every = 10;
  let scale = 0;
  return ({ at, ended }) => {
    const [plain, normalised] = [2 * scale, 2 * scale + 1];
    if (normalised >= tasks.length || !ended(plain) || !ended(normalised)) {
      return null;
    }
    scale++;
    const lines = [`============== ${scale}/${tasks.length / 2} ==============`];
    for (let epoch = 0; at(plain, "trainAccuracy", epoch * every) !== undefined; epoch++) {
      const [a, b] = [plain, normalised].map((task) => written(at(task, "trainAccuracy", epoch * every)));
      lines.push(`epoch:${epoch} | ${a} - ${b}`);
    }
    return lines;
  };
}

/** An epoch a line: training and test accuracy, with the technique and without. */
function epochs(tasks: readonly Task[]): NextLines {
  const every = 3;
  let epoch = 0;
  return ({ at }) => {
    const values = tasks.map((_, task) =>
      ["trainAccuracy", "testAccuracy"].map((metric) => at(task, metric, epoch * every)),
    );
    if (values.flat().includes(undefined)) {
      return null;
    }
    const cells = tasks.map(
      ({ run }, task) => `${run}: train acc:${written(values[task][0])}, test acc:${written(values[task][1])}`,
    );
    return [`epoch:${epoch++}, ${cells.join(" | ")}`];
  };
}

/** A trial a line: its last validation accuracy and what was drawn for it. */
function trials(tasks: readonly Task[]): NextLines {
  let trial = 0;
  return ({ at, ended }) => {
    if (trial >= tasks.length || !ended(trial)) {
      return null;
    }
    const { tags, iterations } = tasks[trial] as Task & { iterations: number };
    let last: Value;
    for (let iteration = iterations - 1; last === undefined && iteration >= 0; iteration--) {
      last = at(trial, "valAccuracy", iteration);
    }
    trial++;
    return [`val acc:${written(last)} | lr:${tags.lr}, weight decay:${tags.weightDecay}`];
  };
}

const printers: Readonly<Record<string, (tasks: readonly Task[]) => NextLines>> = {
  "optimizer-comparison": losses,
  "init-comparison": losses,
  "batchnorm-scales": scales,
  "weight-decay": epochs,
  dropout: epochs,
  "hyperparameter-search": trials,
};

/** Prints an experiment's progress as the original script does; nothing for those that print nothing. */
export function progressOf(experiment: string, tasks: readonly Task[], print: (line: string) => void): RunObserver {
  return inOrder(printers[experiment]?.(tasks) ?? (() => null), print);
}
