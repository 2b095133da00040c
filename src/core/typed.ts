import { type HyperSet, type HyperValue, resolve, type ValuesOf } from "./hyper.ts";

/** Some of a set's values: a name that the set does not have is a compile error. */
export type SomeOf<S extends HyperSet> = keyof S extends never
  ? Readonly<Record<string, never>>
  : Readonly<Partial<ValuesOf<S>>>;

/** A definition that can also be called with values of its settings: `adam` and `adam({ lr: 0.01 })`. */
export type Typed<D, S extends HyperSet, R> = D & ((values?: SomeOf<S>) => R);

/** The definition as a function of its settings, with everything the definition has. */
export function typed<D extends object, S extends HyperSet, R>(
  definition: D,
  choose: (values: SomeOf<S>) => R,
): Typed<D, S, R> {
  const call = (values?: SomeOf<S>) =>
    choose(Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => value !== undefined)) as SomeOf<S>);
  // A definition's `name` takes the place of the function's own, which can only be defined anew, not assigned.
  return Object.defineProperties(call, Object.getOwnPropertyDescriptors(definition)) as Typed<D, S, R>;
}

/** The set with other defaults. @throws HyperError on an unknown name or a value out of range */
export function withDefaults<S extends HyperSet>(set: S, values: Readonly<Record<string, unknown>>): S {
  const all: Readonly<Record<string, HyperValue>> = resolve(set as HyperSet, values);
  return Object.fromEntries(
    Object.entries(set).map(([name, hyper]) => [name, { ...hyper, default: all[name] }]),
  ) as unknown as S;
}
