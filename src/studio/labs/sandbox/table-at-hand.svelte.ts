import { saidBy } from "../../../core/errors.ts";
import type { Text } from "../../../core/text.ts";
import type { CsvTable } from "../../../data/csv/csv-reader.ts";
import { type LabelledTable, labelledTable } from "../../../data/csv/labelled-table.ts";
import type { CsvOptions } from "../../../data/csv/read-options.ts";
import { mostClasses } from "../../../data/csv/target.ts";
import { Newest } from "../../state/newest.ts";
import { readCsv } from "./read-files.ts";

/** The table that a person gave, and how it is read: kept while other tabs and pages are looked at. */
export class TableAtHand {
  /** The text, taken apart. */
  table = $state.raw<CsvTable | null>(null);
  /** How it is used, as the person has chosen. */
  options = $state.raw<CsvOptions>({});
  /** What is learnt from; null while something stands in the way. */
  used = $state.raw<LabelledTable | null>(null);
  busy = $state(false);
  problem = $state.raw<Text | null>(null);
  /** What the table's columns are, where no more than missing values stands in the way of using it. */
  readonly columns: LabelledTable["columns"] | null = $derived(
    this.used?.columns ?? (this.table === null ? null : columnsIfFilled(this.table, this.options)),
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
    void this.read(file);
  }

  /** Reads on with other options; the text anew where they are about the text. */
  choose(change: CsvOptions): void {
    this.options = { ...this.options, ...change };
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
      this.used = labelledTable(this.table, { ...this.options, mostClasses });
      this.problem = null;
    } catch (error) {
      this.used = null;
      this.problem = saidBy(error);
    }
    this.changed();
  }
}

function columnsIfFilled(read: CsvTable, options: CsvOptions): LabelledTable["columns"] | null {
  try {
    return labelledTable(read, { ...options, missing: "fill", mostClasses }).columns;
  } catch {
    return null;
  }
}
