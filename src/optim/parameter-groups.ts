import { checkOptions, finiteNumber, noSuchSetting, oneOf } from "../core/checks.ts";
import { HyperError } from "../core/errors.ts";
import type { HyperSet } from "../core/hyper.ts";

/** A part of the flat parameters: one tensor's elements. */
export interface Segment {
  readonly begin: number;
  readonly count: number;
  /** `affine1.W` */
  readonly name?: string;
  /** [rows, cols], for rules that see a matrix, and whether weight decay applies; [1, count] and true when absent. */
  readonly shape?: { readonly rows: number; readonly cols: number; readonly decays: boolean };
}

/** Parameters with hyper-parameters of their own. */
export interface ParameterGroup {
  /** Names, in which `*` stands for any letters: `affine1.W`, `*.b`, `batchNorm*`. */
  readonly parameters: readonly string[];
  /** Values that stay whatever is set for the others. */
  readonly hyper?: Readonly<Record<string, number>>;
  /** The group's lr as a multiple of the others', schedules included. 1 when absent. */
  readonly lrFactor?: number;
}

/**
 * Which parameters lose weight to a rule's own `weightDecay`: `weights` spares biases and the γ and β of normalizations,
 * `all` is what PyTorch does.
 */
export type DecayOf = "weights" | "all";

/** A group as it is applied: every parameter is in exactly one. */
export interface AppliedGroup {
  readonly parameters: readonly string[];
  readonly hyper: Readonly<Record<string, number>>;
  readonly lrFactor: number;
}

/** Elements that are updated alike, one after the other. */
export interface Range extends Segment {
  readonly group: number;
}

/**
 * Sorts the parameters into groups. The first group given that names a parameter has it; what no weight decay reaches is
 * in a group whose `weightDecay` is 0.
 * @param rule the optimizer's name and hyper-parameters
 * @param apart whether each tensor is a range of its own (rules that use norm or orthogonal)
 * @throws HyperError on a pattern that fits no parameter, an unknown hyper-parameter or a value out of range
 */
export function groupParameters(
  rule: { readonly name: string; readonly hyper: HyperSet },
  segments: readonly Segment[],
  options: { readonly groups?: readonly ParameterGroup[]; readonly decayOf?: DecayOf; readonly apart: boolean },
): { readonly groups: readonly AppliedGroup[]; readonly ranges: readonly Range[] } {
  const { groups: given = [], decayOf = "weights", apart } = options;
  oneOf("optimizer", "decayOf", decayOf, ["weights", "all"]);
  for (const group of given) {
    checkGroup(rule, segments, group);
  }
  const groups: { parameters: string[]; hyper: Record<string, number>; lrFactor: number }[] = [];
  const places = new Map<string, number>();
  const ranges: Range[] = [];
  for (const [i, segment] of segments.entries()) {
    const own = given.find(({ parameters }) => parameters.some((pattern) => fits(pattern, segment)));
    const spared = decayOf === "weights" && segment.shape?.decays === false && Object.hasOwn(rule.hyper, "weightDecay");
    const hyper = { ...(spared ? { weightDecay: 0 } : {}), ...own?.hyper };
    const lrFactor = own?.lrFactor ?? 1;
    const key = JSON.stringify([Object.entries(hyper).sort(), lrFactor]);
    let place = places.get(key);
    if (place === undefined) {
      place = groups.length;
      places.set(key, place);
      groups.push({ parameters: [], hyper, lrFactor });
    }
    groups[place].parameters.push(segment.name ?? `parameter${i + 1}`);
    const last = ranges.at(-1);
    if (!apart && last?.group === place) {
      // What lies between two tensors is 0 and stays 0.
      ranges[ranges.length - 1] = { ...last, count: segment.begin + segment.count - last.begin };
    } else {
      ranges.push({ begin: segment.begin, count: segment.count, ...(apart ? segment : {}), group: place });
    }
  }
  return { groups, ranges };
}

function fits(pattern: string, { name }: Segment): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return name !== undefined && new RegExp(`^${parts.join(".*")}$`).test(name);
}

function checkGroup(
  { name, hyper }: { readonly name: string; readonly hyper: HyperSet },
  segments: readonly Segment[],
  group: ParameterGroup,
): void {
  checkOptions("groups", group, { parameters: true, hyper: true, lrFactor: true });
  for (const pattern of group.parameters) {
    if (!segments.some((segment) => fits(pattern, segment))) {
      const names = segments.map((segment) => segment.name ?? "?").join(", ");
      throw new HyperError({
        en: `groups: ${pattern} must name a parameter, got none. There are ${names}.`,
        ja: `groups: ${pattern} に合うパラメータがありません。あるのは ${names} です。`,
      });
    }
  }
  for (const [word, value] of Object.entries(group.hyper ?? {})) {
    if (!Object.hasOwn(hyper, word)) {
      throw noSuchSetting(`groups: ${name}.`, word, Object.keys(hyper));
    }
    hyper[word].check(value, `groups: ${word}`);
  }
  finiteNumber("groups", "lrFactor", group.lrFactor ?? 1, { min: 0 });
}
