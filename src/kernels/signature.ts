/** What the texts of `table.ts` say, taken apart: for the generator, and for tests that run over every operation. */

/** A product of sizes: `size²·channels` is size, size, channels; 1 is none of them. */
export type Dim = readonly string[];

export interface Operand {
  readonly name: string;
  readonly kind: "floats" | "ints" | "bytes" | "number" | "whole" | "choice" | "window";
  readonly written: boolean;
  /** Of a tensor: rows and columns. */
  readonly shape?: readonly [rows: Dim, cols: Dim];
  /** `x[m·n]` */
  readonly elementwise?: boolean;
  /** `x[m>0,n]`, `x[m,n>0]`: there is at least one. */
  readonly some?: "rows" | "cols";
  /** What is left in it means nothing. */
  readonly spare?: boolean;
  readonly orNull?: boolean;
  readonly apart?: boolean;
  /** Integers lie below this size. */
  readonly below?: Dim;
  readonly choices?: readonly string[];
}

export interface Signature {
  /** In the order of the method's parameters. */
  readonly operands: readonly Operand[];
  readonly returns: "void" | "number" | "boolean";
  readonly scratch: boolean;
}

/** Where a size of an operation comes from: the rows or columns of an operand. */
export interface Size {
  readonly name: string;
  readonly of: Operand;
  readonly side: "rows" | "cols";
}

/** What a window says by itself; an operand of its own gives them all. */
export const windowFields = ["height", "width", "channels", "size", "stride", "padding"] as const;
const known: readonly string[] = [...windowFields, "places"];

const pattern = new RegExp(
  [
    "^(?:(?<type>int|bytes|spare) )?(?<name>[a-z]\\w*)",
    "(?:\\[(?:(?<elementwise>m·n)|(?<rows>[\\w·²]+)(?<someRows>>0)?,(?<cols>[\\w·²]+)(?<someCols>>0)?)\\])?",
    "(?: in \\[0,(?<below>[^)]+)\\))?(?<orNull> or null)?(?<apart> apart)?(?: (?<choices>\\w+(?:\\|\\w+)+))?$",
  ].join(""),
);

/** @throws Error on a text that says nothing */
export function signatureOf(operation: string, takes: string): Signature {
  const [, lists, , result = "void", scratch] = /^(.*?)( → (number|boolean))?(; scratch)?$/.exec(takes)!;
  const [read, written = ""] = lists.split(" ← ").reverse();
  const operands = [
    ...partsOf(written).map((text) => operandOf(operation, text, true)),
    ...partsOf(read).map((text) => operandOf(operation, text, false)),
  ];
  return { operands, returns: result as Signature["returns"], scratch: scratch !== undefined };
}

/** At the commas that stand between operands. */
function partsOf(list: string): string[] {
  return list === "" ? [] : list.split(/, /);
}

function operandOf(operation: string, text: string, written: boolean): Operand {
  const found = pattern.exec(text)?.groups;
  if (found === undefined) {
    throw new Error(`table: ${operation}: an operand must read like x[m,n], got "${text}". See the head of table.ts.`);
  }
  const { type, name, elementwise, rows, cols, someRows, someCols, below, orNull, apart, choices } = found;
  const shaped = elementwise !== undefined || rows !== undefined;
  const shape = shaped ? ([dimOf(rows ?? "m"), dimOf(cols ?? "n")] as const) : undefined;
  return {
    name,
    kind: kindOf(type, name, shaped, choices !== undefined),
    written,
    ...(shape === undefined ? {} : { shape }),
    ...(elementwise === undefined ? {} : { elementwise: true }),
    ...(someRows === undefined ? {} : { some: "rows" }),
    ...(someCols === undefined ? {} : { some: "cols" }),
    ...(type === "spare" ? { spare: true } : {}),
    ...(orNull === undefined ? {} : { orNull: true }),
    ...(apart === undefined ? {} : { apart: true }),
    ...(below === undefined ? {} : { below: dimOf(below) }),
    ...(choices === undefined ? {} : { choices: choices.split("|") }),
  };
}

function kindOf(type: string, name: string, shaped: boolean, chosen: boolean): Operand["kind"] {
  if (shaped) {
    return type === "int" ? "ints" : type === "bytes" ? "bytes" : "floats";
  }
  return name === "over" ? "window" : chosen ? "choice" : type === "int" ? "whole" : "number";
}

function dimOf(text: string): Dim {
  return text.split("·").flatMap((factor) => {
    const name = factor.replace("²", "");
    return name === "1" ? [] : factor.endsWith("²") ? [name, name] : [name];
  });
}

/** Operands in the order in which they are looked at: what is read tells the sizes that what is written must have. */
export function inOrder({ operands }: Signature): Operand[] {
  return [...operands.filter(({ written }) => !written), ...operands.filter(({ written }) => written)];
}

/** The sizes of an operation, each with the first operand that tells it; m, n and k first. */
export function sizesOf(signature: Signature): Size[] {
  const sizes = new Map<string, Size>();
  const window = signature.operands.some(({ kind }) => kind === "window");
  for (const of of inOrder(signature)) {
    for (const [i, side] of (["rows", "cols"] as const).entries()) {
      const dim = of.shape?.[i] ?? [];
      if (dim.length === 1 && !sizes.has(dim[0]) && !(window && known.includes(dim[0])) && !of.orNull) {
        sizes.set(dim[0], { name: dim[0], of, side });
      }
    }
  }
  const rank = ({ name }: Size) => (["m", "n", "k"].includes(name) ? ["m", "n", "k"].indexOf(name) : 3);
  return [...sizes.values()].sort((a, b) => rank(a) - rank(b));
}

/** Whether every element is computed with those at its place only. */
export function isElementwise({ operands }: Signature): boolean {
  return operands.some(({ elementwise }) => elementwise);
}
