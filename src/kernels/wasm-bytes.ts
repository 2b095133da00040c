/**
 * Bytes as text that packs as well as the bytes do: base64 cuts them at six bits, where gzip finds nothing twice. The
 * commonest bytes are one character each, the others two.
 */

/** Printable, and never to be escaped in a string, a template or a page: no quote, backslash, backtick, `<`, `$`. */
const alphabet = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).filter((c) => !'"\\`<$'.includes(c));
/** The last characters begin a pair. */
const pages = 2;
/** How many bytes are one character each. */
export const singles = alphabet.length - pages;

/** All byte values, the common ones first. */
const ranked = (common: readonly number[]) => [...new Set([...common, ...new Uint8Array(256).keys()])];

/** How a module is made of another: so many bytes of its own, then some of the other's, and so on. */
export interface BytePatch {
  /** Its own bytes, encoded. */
  readonly own: string;
  /** own bytes, place in the other, bytes copied from there; again and again. */
  readonly runs: readonly number[];
}

/** @param common the {@link singles} commonest byte values */
export function encodeBytes(bytes: Uint8Array, common: readonly number[]): string {
  const code = new Array<string>(256);
  ranked(common).forEach((byte, rank) => {
    const page = Math.floor(rank / singles);
    code[byte] = (page === 0 ? "" : alphabet[singles + page - 1]) + alphabet[rank % singles];
  });
  return Array.from(bytes, (byte) => code[byte]).join("");
}

/** The bytes that `encodeBytes` wrote with the same common ones. */
export function decodeBytes(text: string, common: readonly number[]): Uint8Array<ArrayBuffer> {
  const ranks = ranked(common);
  const place = new Map(alphabet.map((character, i) => [character, i]));
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const at = place.get(text[i])!;
    bytes[length++] = at < singles ? ranks[at] : ranks[(at - singles + 1) * singles + place.get(text[++i])!];
  }
  return bytes.slice(0, length);
}

/** The bytes that a patch makes of others. */
export function patchBytes(
  from: Uint8Array,
  { own, runs }: BytePatch,
  common: readonly number[],
): Uint8Array<ArrayBuffer> {
  const literals = decodeBytes(own, common);
  const bytes = new Uint8Array(runs.reduce((sum, run, i) => (i % 3 === 1 ? sum : sum + run), 0));
  let read = 0;
  let written = 0;
  for (let i = 0; i < runs.length; i += 3) {
    const [count, at, copied] = runs.slice(i, i + 3);
    bytes.set(literals.subarray(read, read + count), written);
    bytes.set(from.subarray(at, at + copied), written + count);
    read += count;
    written += count + copied;
  }
  return bytes;
}
