import type { ColumnFacts } from "./column-facts.ts";
import { type Decimal, numberOf } from "./numeral.ts";

/**
 * What people call a column that only counts its rows; pandas writes `Unnamed: 0`, R `rownames`, both often nothing, which
 * is called `#1` here.
 */
const counting =
  /^(?:id|index|idx|no\.?|nr\.?|number|row|row_?id|row[._ ]?(?:names?|numbers?)|#|#1|unnamed: \d+|番号|連番|通番|通し番号|行番号)$/i;
/** What people call a column of what things are known by: `PassengerId`, `customer_id`, `ID number`, `会員番号`. */
const naming = /^(?:id|uid|uuid)$|[\s._-]id$|^id[\s._-]?(?:no\.?|number)$/i;
const namingAsWritten = /[a-zà-ÿ]I[dD]$|[^A-Z]ID$|番号$/;

/** Whether people call a column so that counts its rows. */
export function isCountingName(name: string): boolean {
  return counting.test(name);
}

/** Rows that have to count on from 0 or 1 in a first column without a name, before it is taken for their numbers. */
const fewest = 10;

/**
 * Whether a column tells its rows apart and measures nothing: whole numbers, each once, that count on from row to row, or
 * whose column is called so. What is learnt of it holds for these rows only, and where they are sorted by class, it tells
 * all of them.
 */
export function namesRows({ kind, words, count, absentRows }: ColumnFacts, name: string, decimal: Decimal): boolean {
  const names = naming.test(name) || namingAsWritten.test(name);
  if (kind !== "number" || words.length !== count || absentRows > 0 || !(names || isCountingName(name))) {
    return false;
  }
  const numbers = words.map((word) => numberOf(word, decimal));
  if (!numbers.every(Number.isSafeInteger)) {
    return false;
  }
  const [first] = numbers;
  const inTurn = numbers.every((value, i) => value === first + i);
  return names || (inTurn && (name !== "#1" || (count >= fewest && (first === 0 || first === 1))));
}
