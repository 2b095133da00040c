/**
 * CRC-32 as gzip, zip and PNG use it (polynomial 0xedb88320) and as TFRecord does (Castagnoli's, 0x82f63b78), eight bytes
 * at a time: slicing-by-8, Kounavis & Berry 2005.
 */

const usual = makeTables(0xedb88320);
const castagnoli = makeTables(0x82f63b78);

/** tables[k·256 + b]: the remainder of byte b followed by k zero bytes. */
function makeTables(polynomial: number): Uint32Array {
  const table = new Uint32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) {
      remainder = (remainder >>> 1) ^ (remainder & 1 ? polynomial : 0);
    }
    table[byte] = remainder;
  }
  for (let i = 256; i < table.length; i++) {
    const before = table[i - 256];
    table[i] = (before >>> 8) ^ table[before & 255];
  }
  return table;
}

/**
 * The CRC-32 of some bytes, in [0, 2³²).
 * @param before the checksum of what came before them, to go on with; 0 at the start
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  return remainderOf(bytes, before, usual);
}

/** As {@link crc32}, with Castagnoli's polynomial, of all the bytes at once. */
export function crc32c(bytes: Uint8Array): number {
  return remainderOf(bytes, 0, castagnoli);
}

function remainderOf(bytes: Uint8Array, before: number, tables: Uint32Array): number {
  let crc = ~before;
  let i = 0;
  for (const end = bytes.length - 7; i < end; i += 8) {
    const low = crc ^ (bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24));
    crc =
      tables[7 * 256 + (low & 255)] ^
      tables[6 * 256 + ((low >>> 8) & 255)] ^
      tables[5 * 256 + ((low >>> 16) & 255)] ^
      tables[4 * 256 + (low >>> 24)] ^
      tables[3 * 256 + bytes[i + 4]] ^
      tables[2 * 256 + bytes[i + 5]] ^
      tables[256 + bytes[i + 6]] ^
      tables[bytes[i + 7]];
  }
  for (; i < bytes.length; i++) {
    crc = (crc >>> 8) ^ tables[(crc ^ bytes[i]) & 255];
  }
  return ~crc >>> 0;
}
