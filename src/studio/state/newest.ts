/**
 * Tells which of several wishes is the newest: what an older one waited for comes too late, and must not take its place.
 *
 *     const stands = wishes.next();
 *     const record = await read();
 *     if (stands()) {
 *       show(record);
 *     }
 */
export class Newest {
  private count = 0;

  /** Another wish. @returns says whether none came after it */
  next(): () => boolean {
    const own = ++this.count;
    return () => own === this.count;
  }
}
