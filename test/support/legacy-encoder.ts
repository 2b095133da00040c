/** Writes text in encodings that TextEncoder does not know, by turning TextDecoder round. */
const tables = new Map<string, ReadonlyMap<string, readonly number[]>>();

function tableOf(encoding: string): ReadonlyMap<string, readonly number[]> {
  const known = tables.get(encoding);
  if (known !== undefined) {
    return known;
  }
  const decoder = new TextDecoder(encoding, { fatal: true });
  const table = new Map<string, readonly number[]>();
  const note = (bytes: readonly number[]) => {
    try {
      const text = decoder.decode(Uint8Array.from(bytes));
      if ([...text].length === 1 && !table.has(text)) {
        table.set(text, bytes);
      }
    } catch {
      // No character.
    }
  };
  for (let a = 0; a < 256; a++) {
    note([a]);
  }
  for (let a = 0x81; a < 256 && encoding !== "windows-1252"; a++) {
    for (let b = 0x40; b < 256; b++) {
      note([a, b]);
    }
  }
  tables.set(encoding, table);
  return table;
}

export function encodeText(text: string, encoding: string): Uint8Array {
  if (encoding === "utf-8") {
    return new TextEncoder().encode(text);
  }
  if (encoding === "utf-16le" || encoding === "utf-16be") {
    const bytes = new Uint8Array(2 * text.length);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < text.length; i++) {
      view.setUint16(2 * i, text.charCodeAt(i), encoding === "utf-16le");
    }
    return bytes;
  }
  const table = tableOf(encoding);
  return Uint8Array.from(
    [...text].flatMap((c) => {
      const bytes = table.get(c);
      if (bytes === undefined) {
        throw new Error(`"${c}" is not in ${encoding}`);
      }
      return bytes;
    }),
  );
}
