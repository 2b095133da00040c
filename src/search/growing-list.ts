/**
 * Follows a list that mostly grows at its end, so that what was worked out for its beginning need not be worked out again.
 */
export class GrowingList<T> {
  private known: T[] = [];

  /** How many items were known before; 0 when the list is another than the one that was followed, and all must go. */
  follow(list: readonly T[]): number {
    const { known } = this;
    let same = known.length <= list.length;
    for (let i = 0; same && i < known.length; i++) {
      same = known[i] === list[i];
    }
    if (!same) {
      this.known = [...list];
      return 0;
    }
    const before = known.length;
    for (let i = before; i < list.length; i++) {
      known.push(list[i]);
    }
    return before;
  }
}
