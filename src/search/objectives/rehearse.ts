import { HyperError, saidBy, TanrenError } from "../../core/errors.ts";
import { quoted } from "../../core/text.ts";
import type { Distribution, ParameterValue, SearchSpace } from "../../core/trial.ts";
import { drawnRange, drawUniform, valueAt } from "../draw.ts";
import { trialStream } from "../streams.ts";
import { type Objective, Trial } from "../trial.ts";

type Point = Record<string, ParameterValue>;

/** Points drawn for one that can be trained, of the whole space and of one choice. */
const tries = { space: 48, choice: 12 } as const;

/**
 * Finds out before the first trial whether trials could begin: somewhere in the space, and with each choice of a category.
 * The objective is asked with its signal aborted, so that it makes everything it needs and takes no step; the middle of the
 * space comes first, then points drawn from it.
 * @throws HyperError, DataError or ShapeError: why the first of those points cannot be trained, where none can
 */
export async function rehearse(objective: Objective, space: SearchSpace): Promise<void> {
  const drawn = (fixed: Point, count: number) => Array.from({ length: count }, (_, i) => pointOf(space, i, fixed));
  const middle = Object.fromEntries(Object.entries(space).map(([name, of]) => [name, middleOf(of)]));
  const begun = await firstBegun(objective, [middle, ...drawn({}, tries.space)]);
  if ("error" in begun) {
    throw begun.error;
  }
  for (const [name, distribution] of Object.entries(space)) {
    const choices = distribution.kind === "category" ? distribution.choices : [];
    for (const choice of choices.filter((one) => one !== begun.point[name])) {
      const fixed = { [name]: choice };
      const chosen = await firstBegun(objective, [{ ...begun.point, ...fixed }, ...drawn(fixed, tries.choice)]);
      if ("error" in chosen) {
        const [what, why] = [quoted(choice), saidBy(chosen.error)];
        throw new HyperError({
          en: `--space ${name}: trials must be able to begin with each choice, got ${what}, with which none can. ${why.en}`,
          ja: `--space ${name}: ${what} を選ぶと、どの試行も始められません。${why.ja}`,
        });
      }
    }
  }
}

/** The first of the points that can be trained, or why the first of them cannot. */
async function firstBegun(
  objective: Objective,
  points: readonly Point[],
): Promise<{ readonly point: Point } | { readonly error: Error }> {
  let first: Error | undefined;
  for (const point of points) {
    const refused = await refusal(objective, point);
    if (refused === undefined) {
      return { point };
    }
    first ??= refused;
  }
  return { error: first as Error };
}

/** Why settings cannot be trained with; undefined where they can, or something else is the matter. */
async function refusal(objective: Objective, point: Point): Promise<Error | undefined> {
  const trial = new Trial({
    number: 0,
    attempt: 1,
    random: trialStream(0, 0, "objective"),
    signal: AbortSignal.abort(),
    resumed: null,
    suggest: (name) => point[name],
    report() {},
    shouldPrune: () => false,
    note() {},
    checkpoint() {},
  });
  try {
    await objective(trial);
    return undefined;
  } catch (error) {
    return error instanceof TanrenError ? error : undefined;
  }
}

/** A range's middle on its scale, the first of the choices. */
function middleOf(distribution: Distribution): ParameterValue {
  if (distribution.kind === "category") {
    return distribution.choices[0];
  }
  const [low, high] = drawnRange(distribution);
  return valueAt(distribution, low + (high - low) / 2);
}

function pointOf(space: SearchSpace, number: number, fixed: Point): Point {
  const stream = trialStream(0, number, "sampler");
  return Object.fromEntries(Object.entries(space).map(([name, of]) => [name, fixed[name] ?? drawUniform(of, stream)]));
}
