import { HyperError } from "./errors.ts";

/** Bytes of a folder's name: eCryptfs takes 143, others 255. */
const longest = 140;

/** Bytes kept of a name that is longer, before its fingerprint. */
const kept = 90;

/** Characters that some file system refuses or gives a meaning to, and those that cannot be seen. */
const special = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}%/\\:*?"<>|]/u;

/** Names that Windows keeps for devices, whatever extension follows. */
const device = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])[ .]*(?:\.|$)/i;

/**
 * Checks the name of a study, a run, an optimizer: any printable text, slashes and dots included.
 * @param what whose name it is, as an error names it
 * @returns the name itself
 * @throws HyperError on one that is empty, blank, or holds characters that cannot be printed
 */
export function checkName(name: string, what: string): string {
  if (typeof name !== "string" || name.trim() === "") {
    throw new HyperError({
      en: `${what}: must be a name of at least one printable character, got ${JSON.stringify(name)}. Give one.`,
      ja: `${what}: 表示できる文字を1つ以上含む名前を指定してください(指定された値: ${JSON.stringify(name)})。`,
    });
  }
  const hidden = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.exec(name);
  if (hidden !== null) {
    const code = hidden[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
    throw new HyperError({
      en: `${what}: must hold printable characters only, got U+${code} at place ${hidden.index + 1}. Leave it out.`,
      ja: `${what}: 表示できない文字は使えません(${hidden.index + 1} 文字目が U+${code} です)。取り除いてください。`,
    });
  }
  return name;
}

/**
 * A name as one folder of its own inside another: two names never share a folder (where case counts), none leaves its parent, and every
 * system can make it. Ordinary names stay as they are; what is special is written `%` and two hex digits a byte, and a
 * name too long ends in `%~` and its fingerprint.
 */
export function folderName(name: string): string {
  const points = [...name];
  const last = points.length - 1;
  const parts = points.map((point, i) => {
    // A leading dot hides a folder; trailing dots and blanks are dropped by Windows.
    const atEdge = (i === 0 && (point === "." || point === " ")) || (i === last && (point === "." || point === " "));
    return atEdge || special.test(point) || (i === 0 && device.test(name)) ? escaped(point) : point;
  });
  // No other name gives this.
  if (parts.length === 0) {
    return "%";
  }
  const encoder = new TextEncoder();
  const size = (text: string) => encoder.encode(text).length;
  if (size(parts.join("")) <= longest) {
    return parts.join("");
  }
  let head = "";
  for (let i = 0, used = 0; i < parts.length; i++) {
    used += size(parts[i]);
    if (used > kept) {
      break;
    }
    head += parts[i];
  }
  return `${head}%~${fingerprint(name)}`;
}

/** UTF-8 as `%XX`; half of a surrogate pair, which has no UTF-8, as `%uXXXX`. */
function escaped(point: string): string {
  const code = point.codePointAt(0)!;
  if (code >= 0xd800 && code <= 0xdfff) {
    return `%u${code.toString(16).toUpperCase()}`;
  }
  const bytes = new TextEncoder().encode(point);
  return Array.from(bytes, (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}

/** FNV-1a in 128 bits over the name's UTF-16 units, 32 hex digits. */
function fingerprint(name: string): string {
  const prime = 0x1000000000000000000013bn;
  let hash = 0x6c62272e07bb014262b821756295c58dn;
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i);
    for (const byte of [unit & 0xff, unit >> 8]) {
      hash = BigInt.asUintN(128, (hash ^ BigInt(byte)) * prime);
    }
  }
  return hash.toString(16).padStart(32, "0");
}
