/** Whether bytes begin as a gzip file does (RFC 1952). What a file is called says nothing: browsers and mirrors unpack some. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** How often a file may be packed in a packed one. */
export const deepest = 2;

/** At most so many bytes can come out of a file packed so often: deflate makes 1,032 of one. */
export function mostUnpacked(bytes: number, depth: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, bytes * 1032 ** depth);
}
