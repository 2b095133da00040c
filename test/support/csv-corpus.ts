import { RandomStream } from "../../src/core/random.ts";
import { encodeText } from "./legacy-encoder.ts";

/** One generated file, and what it must be read as, or how it must be refused. */
export interface CorpusFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly expected:
    | {
        readonly features: readonly string[];
        readonly rows: readonly (readonly number[])[];
        readonly labels: readonly string[];
        readonly encoding: string;
        readonly separator: string;
      }
    | { readonly refused: RegExp; readonly line: number | null };
}

interface Column {
  readonly name: string;
  readonly cells: readonly string[];
  /** Inputs of each row, by name. */
  readonly inputs: readonly { readonly name: string; readonly values: readonly number[] }[];
}

const words = {
  plain: {
    names: ["length", "width", "sex", "member", "date", "count"],
    classes: ["setosa", "None", "NA"],
    words: ["red", "green", "blue"],
  },
  japanese: {
    names: ["身長", "体重", "色", "会員", "日付", "個数"],
    classes: ["東京", "大阪", "なごや"],
    words: ["赤い", "みどり", "青色"],
  },
  western: {
    names: ["Größe", "Länge", "Farbe", "Mitglied", "Tag", "Zähler"],
    classes: ["früh", "spät", "täglich"],
    words: ["grün", "weiß", "schön"],
  },
} as const;
type Language = keyof typeof words;

const encodings: readonly { encoding: string; language: Language; mark: string }[] = [
  { encoding: "utf-8", language: "plain", mark: "" },
  { encoding: "utf-8", language: "japanese", mark: "" },
  { encoding: "utf-8", language: "western", mark: "\ufeff" },
  { encoding: "utf-16le", language: "japanese", mark: "\ufeff" },
  { encoding: "utf-16be", language: "western", mark: "\ufeff" },
  { encoding: "utf-16le", language: "plain", mark: "" },
  { encoding: "utf-16be", language: "japanese", mark: "" },
  { encoding: "shift_jis", language: "japanese", mark: "" },
  { encoding: "euc-jp", language: "japanese", mark: "" },
  { encoding: "windows-1252", language: "western", mark: "" },
];
const separators = [",", ";", "\t", "|", " "] as const;
const ends = ["\n", "\r\n", "\r"] as const;
const dateForms = ["iso", "slash", "dmy", "kanji", "zone"] as const;

/** A table of six kinds of columns and a class, drawn from a seed, as text cells and as what they mean. */
function drawTable(
  stream: RandomStream,
  language: Language,
  dialect: { comma: boolean; separator: string; grouped: boolean },
) {
  const { names, classes, words: colours } = words[language];
  const pick = <T>(from: readonly T[]): T => from[Math.floor(stream.double() * from.length)];
  const rows = 24 + Math.floor(stream.double() * 20);
  const each = <T>(make: (row: number) => T): T[] => Array.from({ length: rows }, (_, row) => make(row));
  const written = (value: number, digits: number) => {
    const text = value.toFixed(digits);
    return dialect.comma ? text.replace(".", ",") : text;
  };
  const numbers = (name: string, values: number[], digits: number): Column => ({
    name,
    cells: values.map((value) => written(value, digits)),
    inputs: [{ name, values }],
  });
  const small = each(() => Number((stream.double() * 4 - 2).toFixed(3)));
  const large = each((row) => 1_700_000_000 + (row % 7) * 3 + Math.floor(stream.double() * 3));
  const own = each((row) => colours[row % 3]);
  const sorted = [...colours].sort();
  const member = each((row) => (row + Math.floor(stream.double() * 2)) % 2 === 0);
  const [yes, no] =
    language === "japanese"
      ? ["はい", "いいえ"]
      : pick([
          ["TRUE", "FALSE"],
          ["yes", "no"],
          ["Y", "N"],
        ] as const);
  const form = pick(
    dateForms.filter((one) =>
      one === "kanji" ? language === "japanese" : one !== "zone" || dialect.separator !== " ",
    ),
  );
  const days = each((row) => 19_700 + row * 3 + 13);
  const dated = (day: number): string => {
    const date = new Date(day * 86_400_000);
    const [y, m, d] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
    const two = (n: number) => String(n).padStart(2, "0");
    return {
      iso: `${y}-${two(m)}-${two(d)}`,
      slash: `${y}/${m}/${d}`,
      dmy: `${two(d)}/${two(m)}/${y}`,
      kanji: `${y}年${m}月${d}日`,
      zone: `${y}-${two(m)}-${two(d)}T09:30:00+09:00`,
    }[form];
  };
  const thousands = each(() => 1000 + Math.floor(stream.double() * 900_000));
  const units = language === "japanese" ? ["", "", "円", "％"] : ["", "", "$", "%"];
  const unit = units[Math.floor(stream.double() * units.length)];
  const counted = (text: string) => (unit === "$" ? `$${text}` : `${text}${unit}`);
  const grouped = (value: number) => value.toLocaleString("en-US").replaceAll(",", dialect.comma ? "." : ",");
  const label = each((row) => classes[(row + Math.floor(stream.double() * 2)) % 3]);
  const columns: Column[] = [
    numbers(names[0], small, 3),
    numbers(names[1], large, 0),
    {
      name: names[2],
      cells: own,
      inputs: sorted.map((word) => ({ name: `${names[2]}=${word}`, values: own.map((one) => (one === word ? 1 : 0)) })),
    },
    {
      name: names[3],
      cells: member.map((one) => (one ? yes : no)),
      inputs: [{ name: names[3], values: member.map(Number) }],
    },
    {
      name: names[4],
      cells: days.map(dated),
      inputs: [{ name: names[4], values: days.map((day) => day * 86_400 + (form === "zone" ? 1800 : 0)) }],
    },
    {
      name: names[5],
      cells: thousands.map((n) => counted(dialect.grouped ? grouped(n) : String(n))),
      inputs: [{ name: names[5], values: thousands }],
    },
  ];
  return { columns, label, rows };
}

function quote(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}

/** A file that is right, in one dialect. */
export function soundFile(seed: number): CorpusFile {
  const stream = RandomStream.seeded(seed);
  const { encoding, language, mark } = encodings[seed % encodings.length];
  const separator = separators[Math.floor(seed / 2) % separators.length];
  const end = ends[Math.floor(seed / 3) % ends.length];
  const comma = separator !== "," && stream.double() < 0.5;
  const quoting = (["needed", "all", "words"] as const)[Math.floor(seed / 5) % 3];
  const grouped = stream.double() < 0.4;
  const { columns, label, rows } = drawTable(stream, language, { comma, separator, grouped });
  const header = stream.double() < 0.8;
  const sepLine = separator !== " " && stream.double() < 0.15;
  const trailing = separator !== " " && stream.double() < 0.2;
  const written = (cell: string, word: boolean) =>
    quoting === "all" ||
    (quoting === "words" && word) ||
    cell.includes(separator) ||
    (separator === " " && /\s/.test(cell))
      ? quote(cell)
      : cell;
  const lineOf = (cells: readonly string[], word: (j: number) => boolean) => {
    const line = cells.map((cell, j) => written(cell, word(j))).join(separator === " " ? "  " : separator);
    return trailing ? line + separator : line;
  };
  const lines = [
    ...(sepLine ? [`sep=${separator}`] : []),
    ...(header ? [lineOf([...columns.map(({ name }) => name), "class"], () => true)] : []),
    ...Array.from({ length: rows }, (_, i) =>
      lineOf([...columns.map(({ cells }) => cells[i]), label[i]], (j) => j === 2 || j === 6),
    ),
  ];
  if (seed % 7 === 0) {
    lines.splice(3, 0, "");
  }
  const text = mark + lines.join(end) + (seed % 4 === 0 ? "" : end);
  const named = (name: string, j: number) => (header ? name : name.replace(columns[j].name, `#${j + 1}`));
  const inputs = columns.flatMap((column, j) =>
    column.inputs.map((input) => ({ ...input, name: named(input.name, j) })),
  );
  return {
    name: `${seed} ${encoding}${mark === "" ? "" : " marked"} ${JSON.stringify(separator)} ${comma ? "comma" : "point"} ${quoting}${header ? "" : " headless"}`,
    bytes: encodeText(text, encoding),
    expected: {
      features: inputs.map(({ name }) => name),
      rows: Array.from({ length: rows }, (_, i) => inputs.map(({ values }) => values[i])),
      labels: label,
      encoding,
      separator,
    },
  };
}

/** A file with one thing wrong in it, at a known line. */
export function brokenFile(seed: number): CorpusFile {
  const stream = RandomStream.seeded(1_000_000 + seed);
  const separator = separators[seed % 4];
  const end = ends[seed % 2];
  const rows = 20;
  const at = 3 + Math.floor(stream.double() * (rows - 4));
  const lines = [
    "a,b,day,c",
    ...Array.from(
      { length: rows },
      (_, i) => `${i}.5,${i * 2},2024-01-${String(i + 1).padStart(2, "0")},${i % 2 ? "x" : "y"}`,
    ),
  ];
  const put = (line: string) => {
    lines[at - 1] = line;
  };
  const faults: readonly {
    name: string;
    apply: () => void;
    refused: RegExp;
    line: number | null;
    wrap?: (bytes: Uint8Array) => Uint8Array;
  }[] = [
    { name: "a cell too few", apply: () => put("1.5,2,x"), refused: /every row must have 4 cells.*got 3/, line: at },
    { name: "a cell too many", apply: () => put("1.5,2,2024-01-01,x,9"), refused: /got 5/, line: at },
    {
      name: "a word among numbers",
      apply: () => put("big,2,2024-01-01,x"),
      refused: /column a must hold numbers, got "big"/,
      line: at,
    },
    {
      name: "infinity",
      apply: () => put("inf,2,2024-01-01,x"),
      refused: /column a must hold numbers, got "inf"/,
      line: at,
    },
    {
      name: "a number beyond float64",
      apply: () => put("1e999,2,2024-01-01,x"),
      refused: /column a must hold numbers, got "1e999"/,
      line: at,
    },
    {
      name: "a percentage among plain numbers",
      apply: () => put("15 %,2,2024-01-01,x"),
      refused: /column a must hold numbers without a unit .*got "15 %"/,
      line: at,
    },
    {
      name: "a day that there is not",
      apply: () => put("1.5,2,2024-02-30,x"),
      refused: /column day must hold dates, got "2024-02-30"/,
      line: at,
    },
    {
      name: "no value",
      apply: () => put("1.5,,2024-01-01,x"),
      refused: /column b must have a value, got none/,
      line: at,
    },
    {
      name: "NA for a number",
      apply: () => put("1.5,NA,2024-01-01,x"),
      refused: /column b must have a value, got "NA"/,
      line: at,
    },
    { name: "no class", apply: () => put("1.5,2,2024-01-01,"), refused: /column c must have a value/, line: at },
    {
      name: "a quote that never ends",
      apply: () => put('1.5,"2,2024-01-01,x'),
      refused: /a cell in quotes must end/,
      line: at,
    },
    {
      name: "text behind a quote",
      apply: () => put('1.5,"2"3,2024-01-01,x'),
      refused: /must be followed by a separator/,
      line: at,
    },
    { name: "a NUL", apply: () => put("1.5,2\u0000,2024-01-01,x"), refused: /control character NUL/, line: at },
    {
      name: "one class",
      apply: () =>
        lines.forEach((line, i) => {
          if (i > 0) lines[i] = line.replace(/,[xy]$/, ",x");
        }),
      refused: /at least 2 different values|at least 1 column/,
      line: null,
    },
    {
      name: "one column",
      apply: () =>
        lines.forEach((line, i) => {
          lines[i] = line.split(",")[3];
        }),
      refused: /at least 1 column beside/,
      line: null,
    },
    { name: "nothing", apply: () => lines.splice(0), refused: /empty file/, line: null },
    { name: "a header alone", apply: () => lines.splice(1), refused: /below the header|empty|at least/, line: null },
    {
      name: "a byte of another encoding",
      apply: () => put("1.5,2,2024-01-01,é"),
      refused: /every byte must be utf-8/,
      line: at,
      wrap: (bytes) => Uint8Array.from([...bytes].filter((byte) => byte !== 0xa9)),
    },
    {
      name: "an Excel workbook",
      apply: () => {},
      refused: /Excel workbook/,
      line: null,
      wrap: (bytes) => Uint8Array.of(0x50, 0x4b, 3, 4, ...bytes),
    },
    { name: "a web page", apply: () => lines.unshift("<!DOCTYPE html>"), refused: /web page/, line: 1 },
    { name: "JSON", apply: () => lines.unshift('[{"a": 1}]'), refused: /JSON/, line: 1 },
  ];
  const { name, apply, refused, line, wrap = (bytes) => bytes } = faults[seed % faults.length];
  // Some plain UTF-8 beside the broken byte: else it is a western text.
  if (name.startsWith("a byte")) {
    lines[0] = "身長,体重計,日付と時刻,組";
  }
  apply();
  const text = lines.map((one) => one.replaceAll(",", separator)).join(end);
  return {
    name: `${seed} ${name} ${JSON.stringify(separator)}`,
    bytes: wrap(encodeText(text, "utf-8")),
    expected: { refused, line },
  };
}
