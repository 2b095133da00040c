/**
 * Of the members of a kind that each take seconds: so many, drawn anew each time; all of them in the long run, which takes
 * the files that ask for a few as well.
 */
export function few<T>(count: number, members: readonly T[]): readonly T[] {
  if (process.env.TANREN_LONG !== undefined) {
    return members;
  }
  return members
    .map((member, i) => ({ member, i, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .slice(0, count)
    .sort((a, b) => a.i - b.i)
    .map(({ member }) => member);
}
