/**
 * The least of a failing thing: leaves parts out and makes numbers smaller, as long as it goes on failing.
 * @param smaller what might be tried in its place, the boldest first
 * @param fails whether it still does
 */
export async function shrink<T>(
  failing: T,
  smaller: (thing: T) => Iterable<T>,
  fails: (thing: T) => Promise<boolean>,
): Promise<T> {
  let least = failing;
  for (let found = true; found; ) {
    found = false;
    for (const candidate of smaller(least)) {
      if (await fails(candidate)) {
        least = candidate;
        found = true;
        break;
      }
    }
  }
  return least;
}

/** A list without its halves, quarters … and single items. */
export function* shorter<T>(list: readonly T[]): Generator<readonly T[]> {
  for (let size = Math.ceil(list.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < list.length; from += size) {
      yield [...list.slice(0, from), ...list.slice(from + size)];
    }
  }
}
