import { describe, expect, test } from "vitest";
import { HyperError } from "../core/errors.ts";
import type { TrialRecord } from "../core/trial.ts";
import {
  bestTrial,
  MemoryStudyLog,
  NoTrialLeftError,
  ObjectiveError,
  openStudy,
  PrunedTrial,
  rankTrials,
  SpaceChangedError,
  type Trial,
} from "./index.ts";

const range = { min: 0, max: 1 };

describe("a trial", () => {
  test("gives the same value when asked twice, and refuses another distribution under the name", async () => {
    const trial = await (await openStudy({ sampler: "random" })).ask();
    expect(trial.real("x", range)).toBe(trial.real("x", range));
    expect(() => trial.real("x", { min: 0, max: 2 })).toThrow("x: must keep its distribution within a trial");
    expect(() => trial.int("x", range)).toThrow(HyperError);
  });

  test("draws no random numbers for a parameter of one value", async () => {
    const study = async (more: (trial: Trial) => void) => {
      const trial = await (await openStudy({ sampler: "random" })).ask();
      more(trial);
      return trial.real("x", range);
    };
    expect(await study((trial) => trial.category("only", ["one"]))).toBe(await study(() => {}));
  });

  test("has a random stream of its own, the same whatever else is drawn", async () => {
    const draw = async (more: boolean) => {
      const trial = await (await openStudy({ sampler: "random", seed: 3 })).ask();
      if (more) {
        trial.real("x", range);
      }
      return trial.random.double();
    };
    expect(await draw(true)).toBe(await draw(false));
  });

  test("reports each step once and takes only whole steps ≥ 0", async () => {
    const study = await openStudy({ sampler: "random" });
    const trial = await study.ask();
    trial.report(3, 2);
    trial.report(1, 0);
    trial.report(9, 2);
    trial.report(Number.NaN, 1);
    expect(() => trial.report(1, -1)).toThrow(HyperError);
    expect(() => trial.report(1, 0.5)).toThrow(HyperError);
    const { intermediate } = await study.tell(trial, 1);
    expect(intermediate).toEqual([
      { step: 0, value: 1 },
      { step: 1, value: null },
      { step: 2, value: 3 },
    ]);
  });

  test("notes plain JSON only, and draws nothing once it has ended", async () => {
    const study = await openStudy({ sampler: "random" });
    const trial = await study.ask();
    trial.note("seen", { images: 5 });
    expect(() => trial.note("f", () => {})).toThrow(HyperError);
    await study.tell(trial, 1);
    expect(study.trials[0].attributes.seen).toEqual({ images: 5 });
    expect(() => trial.real("late", range)).toThrow("late: must be drawn while its trial runs");
    await expect(study.tell(trial, 2)).rejects.toThrow("trial 0 must be running");
  });
});

describe("what an objective does", () => {
  const states = async (objective: (trial: Trial) => unknown, constraints = 0): Promise<TrialRecord> => {
    const study = await openStudy({ sampler: "random", constraints });
    await study.optimize(objective as never, { trials: 1, rejectOn: "none" });
    return study.trials[0];
  };

  test("a number completes the trial", async () => {
    expect(await states(() => 3)).toMatchObject({ state: "complete", value: 3 });
    expect(await states(async () => Number.NEGATIVE_INFINITY)).toMatchObject({ state: "complete" });
  });

  test("NaN, no number, or too few constraints fail it, with the reason", async () => {
    expect(await states(() => Number.NaN)).toMatchObject({
      state: "failed",
      value: null,
      error: "The objective must give a number, got NaN. Look at its last steps.",
    });
    expect((await states(() => undefined)).error).toContain("must give a number, got undefined");
    expect((await states(() => "3")).error).toContain('must give a number, got "3"');
    expect((await states(() => 3, 2)).error).toContain("as many constraints as the study has, got");
    expect((await states(() => ({ value: 3, constraints: ["1", 2] }), 2)).state).toBe("failed");
  });

  test("a constraint of NaN or +Infinity completes it as one that breaks its constraints", async () => {
    for (const odd of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const trial = await states(() => ({ value: 3, constraints: [-1, odd] }), 2);
      expect(trial).toMatchObject({ state: "complete", value: 3, constraints: [-1, odd] });
      expect(bestTrial([trial], "minimize")).toBeUndefined();
    }
    const met = await states(() => ({ value: 3, constraints: [Number.NEGATIVE_INFINITY] }), 1);
    expect(bestTrial([met], "minimize")).toBe(met);
  });

  test("an error fails it, and the study goes on", async () => {
    const study = await openStudy({ sampler: "tpe" });
    await study.optimize(
      (trial) => {
        if (trial.number % 2 === 0) {
          throw new TypeError("no such layer");
        }
        return trial.real("x", range);
      },
      { trials: 30 },
    );
    expect(study.trials).toHaveLength(30);
    expect(study.trials[4]).toMatchObject({ state: "failed", error: "TypeError: no such layer" });
    expect(study.trials[5].state).toBe("complete");
  });

  test("where every trial of a run fails, the run does, with what the first one threw, and all are recorded", async () => {
    const error = new TypeError("no such layer");
    const broken = () => {
      throw error;
    };
    const study = await openStudy({ sampler: "random" });
    await study.optimize((trial) => trial.real("x", range), { trials: 1 });
    const run = study.optimize(broken, { trials: 3, concurrency: 2 });
    await expect(run).rejects.toThrow(ObjectiveError);
    await expect(run).rejects.toThrow(
      'optimize: trials must end with a number, got 3 that all failed, the first of them trial 1 (TypeError: no such layer). Correct the objective; study.trials tells of each, and rejectOn: "none" leaves it at that.',
    );
    expect(await run.catch((thrown: Error) => thrown.cause)).toBe(error);
    expect(study.trials.map(({ state }) => state)).toEqual(["complete", "failed", "failed", "failed"]);
    const one = study.optimize(() => Number.NaN, { trials: 1 });
    await expect(one).rejects.toThrow("got trial 4, which failed (The objective must give a number, got NaN.");
    await study.optimize(broken, { trials: 2, rejectOn: "none" });
    expect(study.trials).toHaveLength(7);
    await expect(study.optimize(broken, { trials: 1, rejectOn: "always" as never })).rejects.toThrow(
      'optimize: rejectOn must be a known name, got "always". Known: all, first, none.',
    );
  });

  test("a run ends at the first failure where that is asked for; one that is stopped or pruned has not failed", async () => {
    const study = await openStudy({ sampler: "random" });
    const third = (trial: Trial) => {
      if (trial.number === 2) {
        throw new RangeError("too deep");
      }
      return 1;
    };
    await expect(study.optimize(third, { trials: 9, rejectOn: "first" })).rejects.toThrow("trial 2, which failed");
    expect(study.trials).toHaveLength(3);
    const stop = new AbortController();
    const stopped = (trial: Trial): Promise<number> => {
      if (trial.number > 3) {
        stop.abort();
        return new Promise(() => {});
      }
      throw new RangeError("too deep");
    };
    await study.optimize(stopped, { trials: 9, signal: stop.signal });
    const pruned = (trial: Trial) => {
      throw trial.number === 4 ? new PrunedTrial() : new RangeError("too deep");
    };
    await study.optimize(pruned, { trials: 2 });
    expect(study.trials.map(({ state }) => state)).toEqual([
      ...["complete", "complete", "failed", "failed", "pruned", "failed"],
    ]);
  });

  test("PrunedTrial prunes it, its last report being its value", async () => {
    const pruned = await states((trial) => {
      trial.report(5, 0);
      trial.report(4, 1);
      throw new PrunedTrial();
    });
    expect(pruned).toMatchObject({ state: "pruned", value: 4 });
    const silent = await states(() => {
      throw new PrunedTrial();
    });
    expect(silent).toMatchObject({ state: "pruned", value: null });
  });

  test("a trial that takes too long fails, its signal is aborted, and nothing it does later counts", async () => {
    const study = await openStudy({ sampler: "random" });
    let aborted = false;
    await study.optimize(
      (trial) =>
        new Promise<number>((resolve) => {
          trial.signal.addEventListener("abort", () => {
            aborted = true;
            resolve(1);
          });
        }),
      { trials: 1, maxTimePerTrialMs: 5, rejectOn: "none" },
    );
    expect(aborted).toBe(true);
    expect(study.trials[0]).toMatchObject({ state: "failed", error: "The trial took longer than 5 ms." });
  });
});

describe("a study", () => {
  test("goes on with the first of the trials that wait", async () => {
    const study = await openStudy({ sampler: "random" });
    const trials = [await study.ask(), await study.ask(), await study.ask()];
    for (const i of [2, 0, 1]) {
      await study.release(trials[i]);
    }
    expect([(await study.take())!.number, (await study.take())!.number]).toEqual([0, 1]);
  });

  test("stops in time: trials that run are given back and run again when it goes on", async () => {
    const log = new MemoryStudyLog();
    const study = await openStudy({ sampler: "random", log });
    const stop = new AbortController();
    await study.optimize(
      (trial) => {
        if (trial.number < 2) {
          return trial.real("x", range);
        }
        const x = trial.real("x", range);
        stop.abort();
        return new Promise<number>(() => x);
      },
      { trials: 10, signal: stop.signal },
    );
    expect(study.trials.map(({ number }) => number)).toEqual([0, 1]);
    await study.optimize((trial) => trial.real("x", range), { trials: 2 });
    expect(study.trials.map(({ number, attempt }) => [number, attempt])).toEqual([
      [0, 1],
      [1, 1],
      [2, 2],
      [3, 1],
    ]);
    const undisturbed = await openStudy({ sampler: "random" });
    await undisturbed.optimize((trial) => trial.real("x", range), { trials: 4 });
    expect(study.trials.map(({ params }) => params)).toEqual(undisturbed.trials.map(({ params }) => params));
  });

  test("begins no trial once its time is up", async () => {
    const study = await openStudy({ sampler: "random" });
    await study.optimize(() => new Promise((resolve) => setTimeout(() => resolve(1), 4)), {
      trials: 10_000,
      timeoutMs: 30,
    });
    expect(study.trials.length).toBeLessThan(100);
  });

  test("goes on with the trials of its log as if it had never stopped, with one stream too", async () => {
    const objective = (trial: Trial) =>
      (trial.real("x", range) - 0.3) ** 2 +
      trial.int("n", { min: 1, max: 9 }) +
      (trial.category("c", ["a", "b"]) === "a" ? 1 : 0);
    for (const stream of ["trial", "optuna"] as const) {
      const options = { sampler: { name: "tpe", settings: { variant: "multivariate" } }, seed: 5, stream } as const;
      const whole = await openStudy(options);
      await whole.optimize(objective, { trials: 40 });
      const log = new MemoryStudyLog();
      for (const trials of [13, 20, 7]) {
        await (await openStudy({ ...options, log })).optimize(objective, { trials });
      }
      const resumed = await openStudy({ ...options, log });
      expect(
        resumed.trials.map(({ params }) => params),
        stream,
      ).toEqual(whole.trials.map(({ params }) => params));
    }
  });

  test("refuses an objective that draws a name in another way than before, and stays as it was", async () => {
    const log = new MemoryStudyLog();
    const study = await openStudy({ sampler: "random", log });
    await study.optimize((trial) => trial.real("x", range), { trials: 3 });
    const run = (await openStudy({ sampler: "random", log })).optimize((trial) => trial.int("x", range), { trials: 3 });
    await expect(run).rejects.toThrow(SpaceChangedError);
    await expect(run).rejects.toThrow(
      "x: must be drawn as in the study's earlier trials, real [0, 1], got int [0, 1].",
    );
    expect((await log.view()).finished).toHaveLength(3);
  });

  test("finds the best trial among those that keep their constraints, and ranks the others by how much they violate", async () => {
    const values = [
      { value: 1, constraints: [2, 0] },
      { value: 5, constraints: [0.5, 0.5] },
      { value: 9, constraints: [-1, 0] },
      { value: 8, constraints: [-1, -1] },
    ];
    const study = await openStudy({ sampler: "random", constraints: 2 });
    const best: (number | undefined)[] = [];
    await study.optimize((trial) => values[trial.number], { trials: 4, onTrial: () => best.push(study.best?.number) });
    expect(best).toEqual([undefined, undefined, 2, 3]);
    expect(rankTrials(study.trials, "minimize").map(({ number }) => number)).toEqual([3, 2, 1, 0]);
  });

  test("of trials that are equal the earliest is best and ranks first, whichever ended first", async () => {
    const study = await openStudy({ sampler: "random" });
    await study.optimize(() => 1, { trials: 3 });
    expect(study.best?.number).toBe(0);
    const backwards = study.trials.toReversed();
    expect(rankTrials(backwards, "minimize").map(({ number }) => number)).toEqual([0, 1, 2]);
    expect(rankTrials(backwards, "maximize").map(({ number }) => number)).toEqual([0, 1, 2]);
    expect(bestTrial(backwards, "maximize")?.number).toBe(0);
  });

  test("learns constraints with TPE: twice as many later trials are feasible as at random", async () => {
    const study = await openStudy({ sampler: "tpe", constraints: 1, seed: 2 });
    await study.optimize(
      (trial) => {
        const x = trial.real("x", { min: -5, max: 5 });
        return { value: -x, constraints: [x + 3] };
      },
      { trials: 60 },
    );
    const late = study.trials.slice(30).filter(({ constraints }) => (constraints?.[0] ?? 1) <= 0);
    // At random a fifth of them would be: 6.
    expect(late.length).toBeGreaterThan(12);
    expect(study.best?.params.x as number).toBeGreaterThan(-3.5);
    expect(study.best?.params.x as number).toBeLessThanOrEqual(-3);
  });

  test("takes values chosen by hand for a trial", async () => {
    const study = await openStudy({ sampler: "random" });
    const trial = await study.ask({ params: { x: 0.25 } });
    expect(trial.real("x", range)).toBe(0.25);
  });

  test("takes no generation of one for CMA-ES", async () => {
    const sampler = { name: "cma-es", settings: { populationSize: 1 } } as const;
    await expect(openStudy({ sampler })).rejects.toThrow("cma-es: populationSize must be 0 or at least 2, got 1.");
  });

  test("keeps the value that the objective was given, where its range has no room for the one drawn before", async () => {
    const space = { x: { kind: "real", low: 0, high: 1 } } as const;
    const study = await openStudy({ sampler: "random", space });
    const used: number[] = [];
    await study.optimize(
      (trial) => {
        used.push(trial.real("x", { min: 0, max: 0.5 }));
        return used.at(-1)!;
      },
      { trials: 12 },
    );
    expect(study.trials.map(({ params }) => params.x)).toEqual(used);
    expect(study.trials.map(({ value }) => value)).toEqual(used);
  });

  test("ends with the grid however many trials run at a time, and has none left to ask for", async () => {
    const space = { a: { kind: "int", low: 0, high: 4 } } as const;
    const study = await openStudy({ sampler: "grid", space });
    const slow = async (trial: Trial) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return trial.int("a", { min: 0, max: 4 });
    };
    await study.optimize(slow, { trials: 30, concurrency: 8 });
    expect(study.trials.map(({ params }) => params.a).sort()).toEqual([0, 1, 2, 3, 4]);
    await expect(study.ask()).rejects.toThrow("ask: the sampler must have a trial left, got all 5 given.");
    await expect(study.ask()).rejects.toThrow(NoTrialLeftError);
    await study.optimize(slow, { trials: 3 });
    expect(study.trials).toHaveLength(5);
  });

  test("ends with the grid", async () => {
    const study = await openStudy({
      sampler: { name: "grid", settings: { points: 3, order: "rows" } },
      space: { x: { kind: "real", low: 0, high: 1 }, act: { kind: "category", choices: ["a", "b"] } },
    });
    await study.optimize((trial) => trial.real("x", range), { trials: 100 });
    expect(study.trials.map(({ params }) => [params.x, params.act])).toEqual([
      [0, "a"],
      [0, "b"],
      [0.5, "a"],
      [0.5, "b"],
      [1, "a"],
      [1, "b"],
    ]);
  });

  test("refuses unknown samplers, pruners, settings and sizes", async () => {
    await expect(openStudy({ sampler: "tpf" })).rejects.toThrow("Did you mean tpe?");
    await expect(openStudy({ pruner: "medium" })).rejects.toThrow("Did you mean median?");
    await expect(openStudy({ sampler: { name: "tpe", settings: { candidate: 3 } } })).rejects.toThrow("candidates");
    await expect(openStudy({ sampler: "grid" })).rejects.toThrow("needs the whole space beforehand");
    const study = await openStudy();
    await expect(study.optimize(() => 1, { trials: -1 })).rejects.toThrow("trials must be a whole number ≥ 0");
  });
});

describe("a sampler and a pruner of one's own", () => {
  const drawing = (suggest: () => unknown) => ({ name: "mine", learns: false, begin: () => ({ suggest }) as never });
  const objective = (trial: Trial) => {
    trial.report(trial.real("x", range), 0);
    return trial.shouldPrune() ? 1 : 0;
  };

  test.each<[unknown, string]>([
    [99, "x: the sampler must draw from real [0, 1], got 99. Correct its suggest."],
    [Number.NaN, "got NaN."],
    [undefined, "got undefined."],
    ["0.5", 'got "0.5".'],
  ])("that draws %s makes the trial fail: it was recorded as drawn", async (value, says) => {
    const study = await openStudy({ sampler: drawing(() => value) });
    await study.optimize(objective, { trials: 1, rejectOn: "none" });
    expect(study.trials[0]).toMatchObject({ state: "failed", params: {}, error: expect.stringContaining(says) });
  });

  test("that draw and judge as they must are taken", async () => {
    const study = await openStudy({
      sampler: drawing(() => 0.25),
      pruner: { name: "mine", judge: () => ({ prune: true }) },
    });
    await study.optimize(objective, { trials: 1 });
    expect(study.trials[0]).toMatchObject({ state: "complete", params: { x: 0.25 }, value: 1 });
  });

  test.each([true, undefined, { prune: "yes" }])(
    "that judges %j makes the trial fail: it never pruned",
    async (verdict) => {
      const study = await openStudy({ pruner: { name: "mine", judge: () => verdict as never } });
      await study.optimize(objective, { trials: 1, rejectOn: "none" });
      expect(study.trials[0]).toMatchObject({
        state: "failed",
        error: expect.stringContaining("pruner mine: judge must give { prune: true } or { prune: false }, got "),
      });
    },
  );

  test("judge a trial beside the others, ended and running ones, and never beside itself", async () => {
    const beside: number[][] = [];
    const study = await openStudy({
      pruner: {
        name: "mine",
        judge: ({ others }) => {
          beside.push(others.map(({ number }) => number));
          return { prune: false };
        },
      },
    });
    const [ended, first, second] = [await study.ask(), await study.ask(), await study.ask()];
    await study.tell(ended, 1);
    first.shouldPrune();
    second.shouldPrune();
    expect(beside).toEqual([
      [0, 2],
      [0, 1],
    ]);
  });
});
