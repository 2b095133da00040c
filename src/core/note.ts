import type { Text } from "./text.ts";

/** What every note says: of which run it is, and what tells that run apart. */
interface NoteOf<K extends string> {
  readonly kind: K;
  readonly run: string;
  readonly tags: Tags;
}

/** The run's numbers stopped being finite at this step, first in this layer. */
export interface DivergedNote extends NoteOf<"diverged"> {
  /** Iteration, from 0. */
  readonly step: number;
  readonly layer: string;
  /** The rate it had come to, where a test raises it until this happens. */
  readonly raisedLr?: number;
  readonly message?: string;
}

/** The run's task threw, or its worker died. */
export interface FailedNote extends NoteOf<"failed"> {
  readonly message: string;
  /** The message, in both languages where it has them. */
  readonly text?: Text;
  /** Where in the code; for logs only. */
  readonly stack?: string;
  /** Where a training of one's own stopped being finite. */
  readonly step?: number;
  readonly layer?: string;
}

/** The run ended before its end: it was stopped, or its process died and it cannot go on. */
export interface InterruptedNote extends NoteOf<"interrupted"> {
  readonly message?: string;
  readonly text?: Text;
}

/** From this step on one unit in the last place of the initial weights shows in this metric. */
export interface HorizonNote extends NoteOf<"horizon"> {
  readonly step: number;
  readonly metric: string;
  readonly message?: string;
}

/** The network went on from this step with changed data. */
export interface ContinuedNote extends NoteOf<"continued"> {
  readonly step: number;
}

/** A part of what was recorded cannot be read in the store. */
export interface DamagedNote extends NoteOf<"damaged"> {
  readonly message: string;
  readonly text?: Text;
}

/** How the test rows were classified at the end. */
export interface ConfusionNote extends NoteOf<"confusion"> {
  readonly classNames: readonly string[];
  /** [classes · classes], rows counted at label · classes + predicted */
  readonly counts: readonly number[];
}

/** What one step did to one weight matrix, and what the activation behind it looked like on the step's minibatch. */
export interface LayerDiagnostic {
  /** `affine1` */
  readonly layer: string;
  /** ‖∂loss/∂W‖ */
  readonly gradientNorm: number;
  /** ‖ΔW‖ / ‖W‖ */
  readonly updateRatio: number;
  /** Share of the units that were 0 for every row; null where no activation follows. */
  readonly deadShare: number | null;
  /** Share of the outputs within 2% of an end of the function's range: 0 and 1, or −1 and 1; null for functions without ends. */
  readonly saturatedShare: number | null;
  /**
   * Share of the weights that sleep: no gradient reached them in this step, and of what the update rule remembers of them
   * at least one slot has come to rest at 0 (see `core/tiny.ts`). Null for rules that remember nothing.
   */
  readonly sleepingShare: number | null;
}

/** As a record has it: null is what was not finite, and versions that did not look at something left it out. */
export type RecordedDiagnostic = Pick<LayerDiagnostic, "layer"> & {
  readonly [K in Exclude<keyof LayerDiagnostic, "layer">]?: number | null;
};

/** What one step showed in every layer. */
export interface DiagnosticNote extends NoteOf<"diagnostic"> {
  readonly step: number;
  readonly layers: readonly RecordedDiagnostic[];
}

/**
 * What another version noted: a kind that this one does not know, or not in this shape. `core/record-shape.ts` makes it
 * when it reads; nobody else does. Of what it says the message is shown.
 */
export interface OtherNote extends NoteOf<"other"> {
  readonly step?: number;
  readonly message?: string;
  /** The note as it came. */
  readonly note: Readonly<Record<string, unknown>>;
}

/**
 * Something that happened in a run and that a reader should know. An experiment that has more to tell adds its kind here
 * and its shape in `core/record-shape.ts`.
 */
export type RunNote =
  | DivergedNote
  | FailedNote
  | InterruptedNote
  | HorizonNote
  | ContinuedNote
  | DamagedNote
  | ConfusionNote
  | DiagnosticNote
  | OtherNote;

/** The notes of one kind, in their order. */
export function notesOf<K extends RunNote["kind"]>(
  { events }: { readonly events: readonly RunNote[] },
  kind: K,
): Extract<RunNote, { readonly kind: K }>[] {
  return events.filter((note): note is Extract<RunNote, { readonly kind: K }> => note.kind === kind);
}

/** What tells runs of one experiment apart beside their name, such as `{ weightInitStd: 0.01 }`. */
export type Tags = Readonly<Record<string, number | string>>;
