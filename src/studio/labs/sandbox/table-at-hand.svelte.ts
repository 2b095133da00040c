import { saidBy } from "../../../core/errors.ts";
import type { Text } from "../../../core/text.ts";
import type { CsvTable } from "../../../data/csv/csv-reader.ts";
import { type EncodedTable, encodedTable } from "../../../data/csv/encoded-table.ts";
import type { CsvOptions } from "../../../data/csv/read-options.ts";
import { mostClasses } from "../../../data/csv/target.ts";
import { Newest } from "../../state/newest.ts";
import { readCsv } from "./read-files.ts";

/** What a column asks for: a class of few, or a number. */
export type Told = "classes" | "numbers";

/** The table that a person gave, and how it is read: kept while other tabs and pages are looked at. */
export class TableAtHand {
  /** The text, taken apart. */
  table = $state.raw<CsvTable | null>(null);
  /** How it is used, as the person has chosen. */
  options = $state.raw<CsvOptions>({});
  /** What the column to be told is taken for, as the person has chosen; null: by its values. */
  told = $state.raw<Told | null>(null);
  /** What is learnt from; null while something stands in the way. */
  used = $state.raw<EncodedTable | null>(null);
  busy = $state(false);
  problem = $state.raw<Text | null>(null);
  /** What the table's columns are, where no more than missing values stands in the way of using it. */
  readonly columns: EncodedTable["columns"] | null = $derived(
    this.used?.columns ?? (this.table === null ? null : columnsIfFilled(this.table, this.options, this.told)),
  );
  private file: File | null = null;
  /** Of the file: with other options it is read anew. */
  private readonly readings = new Newest();
  private readonly changed: () => void;

  /** @param changed told when there are other rows to learn from, or none any more */
  constructor(changed: () => void) {
    this.changed = changed;
  }

  /** Reads another file, by evidence alone. */
  give(file: File): void {
    this.file = file;
    this.options = {};
    this.told = null;
    void this.read(file);
  }

  /** Takes the column to be told for classes, or for numbers. */
  take(told: Told): void {
    this.told = told;
    this.use();
  }

  /** Reads on with other options; the text anew where they are about the text. */
  choose(change: CsvOptions): void {
    this.options = { ...this.options, ...change };
    if ("target" in change) {
      this.told = null;
    }
    if (this.file !== null && ("encoding" in change || "separator" in change)) {
      void this.read(this.file);
    } else {
      this.use();
    }
  }

  private async read(file: File): Promise<void> {
    const stands = this.readings.next();
    this.busy = true;
    this.problem = null;
    this.table = null;
    this.used = null;
    this.changed();
    try {
      const read = await readCsv(file, this.options);
      if (stands()) {
        this.table = read;
        this.use();
      }
    } catch (error) {
      if (stands()) {
        this.problem = saidBy(error);
      }
    } finally {
      if (stands()) {
        this.busy = false;
      }
    }
  }

  private use(): void {
    if (this.table === null) {
      return;
    }
    try {
      this.used = encodedTable(this.table, { ...this.options, mostClasses }, { kind: this.told ?? "found" });
      this.problem = null;
    } catch (error) {
      this.used = null;
      this.problem = saidBy(error);
    }
    this.changed();
  }
}

function columnsIfFilled(read: CsvTable, options: CsvOptions, told: Told | null): EncodedTable["columns"] | null {
  try {
    return encodedTable(read, { ...options, missing: "fill", mostClasses }, { kind: told ?? "found" }).columns;
  } catch {
    return null;
  }
}
