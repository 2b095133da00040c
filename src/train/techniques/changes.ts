import { HyperError } from "../../core/errors.ts";
import type { HyperSet, HyperValue, ValuesOf } from "../../core/hyper.ts";
import type * as kinds from "./kinds/index.generated.ts";
import { techniques } from "./kinds/index.generated.ts";

type SettingsOf<Kind> = Kind extends { readonly settings: infer S } ? S : never;
type Joined<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/** The settings of every declared technique together. */
export type ChangeSettings = Joined<SettingsOf<(typeof kinds)[keyof typeof kinds]>>;
/** Their values by name: `{ inputNoise: 0.1, shift: 2 }`. */
export type Changes = ValuesOf<ChangeSettings>;

/** What may change the rows that a training sees, or what it is asked for; at its default each is off. */
export const changeSettings = Object.fromEntries(
  techniques.flatMap(({ settings }) => Object.entries(settings)),
) as unknown as ChangeSettings;

/**
 * Those among options that are given and not at their defaults, in one order: what a file keeps of them.
 * @throws HyperError on a value that is out of range, after `where`
 */
export function changesIn(where: string, options: Readonly<Partial<Record<keyof Changes, unknown>>>): Partial<Changes> {
  const set: HyperSet = changeSettings;
  const given: Readonly<Record<string, unknown>> = options;
  const asked = Object.entries(set).filter(([name]) => given[name] !== undefined);
  const checked = asked.map(([name, hyper]): [string, HyperValue] => [name, hyper.check(given[name], where + name)]);
  return Object.fromEntries(checked.filter(([name, value]) => value !== set[name].default));
}

/** Whether a value is one of a declared technique's setting. */
export function isChange(name: string, value: unknown): boolean {
  const set: HyperSet = changeSettings;
  try {
    return Object.hasOwn(set, name) && set[name].check(value, name) === value;
  } catch (error) {
    if (error instanceof HyperError) {
      return false;
    }
    throw error;
  }
}
