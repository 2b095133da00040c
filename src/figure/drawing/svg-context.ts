import { escapeText } from "../../core/printable.ts";
import type { Brush, Context, Vector } from "./pencil.ts";

type Style = Context["fillStyle"];

/** From a drawing's units to those of the SVG: x → a·x + c·y + e, y → b·x + d·y + f. */
type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

const anchors = { left: "start", center: "middle", right: "end", start: "start", end: "end" } as const;

/**
 * The part of a canvas's context that figures are drawn with, written down as SVG: one drawing serves the page and every
 * saved picture. Lines and shapes are in the SVG's own units, rounded to a tenth; what is filled and then stroked is one
 * element, and so is a text with a border around its letters.
 */
export class SvgContext implements Context {
  fillStyle: Style = "#000000";
  strokeStyle: Style = "#000000";
  lineWidth = 1;
  lineJoin: CanvasLineJoin = "miter";
  lineCap: CanvasLineCap = "butt";
  lineDashOffset = 0;
  globalAlpha = 1;
  font = "400 10px sans-serif";
  textAlign: CanvasTextAlign = "start";
  textBaseline: CanvasTextBaseline = "alphabetic";
  readonly vector: Vector = {
    paintOutline: (outline) => this.paintOutline(outline),
    fillCell: (x, y, width, height) => this.fillCell(x, y, width, height),
  };

  private readonly idPrefix: string;
  private readonly parts: string[] = [];
  private readonly saved: State[] = [];
  private matrix: Matrix = [1, 0, 0, 1, 0, 0];
  private dash: readonly number[] = [];
  private clips = 0;
  private clipsEver = 0;
  /** The path's data, and its last point in the SVG's units as written. */
  private path = "";
  private end = "";
  /** The path, where it is one rectangle or one circle and nothing else. */
  private only: Only | null = null;
  /** Filled already, and waiting whether it is stroked as well. */
  private filled: { readonly path: string; readonly fill: string } | null = null;
  /** Bordered already, and waiting for the letters themselves. */
  private bordered: { readonly words: Letters; readonly border: string } | null = null;
  private inCells = false;
  /** Openings of clipped groups that have nothing in them yet. */
  private unopened: string[] = [];

  /** @param idPrefix begins every id, which must be unique in a page of several drawings */
  constructor(idPrefix: string) {
    this.idPrefix = idPrefix;
  }

  /** What has been drawn, as elements for an `<svg>`. */
  markup(): string {
    this.settle();
    return this.parts.join("");
  }

  save(): void {
    const { fillStyle, strokeStyle, lineWidth, lineJoin, lineCap, lineDashOffset, globalAlpha } = this;
    const { font, textAlign, textBaseline, matrix, dash, clips } = this;
    const lines = { lineWidth, lineJoin, lineCap, lineDashOffset, dash };
    this.saved.push({ ...lines, fillStyle, strokeStyle, globalAlpha, font, textAlign, textBaseline, matrix, clips });
  }

  restore(): void {
    const state = this.saved.pop();
    if (state !== undefined) {
      this.settle();
      for (let open = this.clips; open > state.clips; open--) {
        if (this.unopened.pop() === undefined) {
          this.parts.push("</g>");
        }
      }
      Object.assign(this, state);
    }
  }

  translate(x: number, y: number): void {
    const [a, b, c, d] = this.matrix;
    this.matrix = [a, b, c, d, ...this.placed(x, y)];
  }

  scale(x: number, y: number): void {
    const [a, b, c, d, e, f] = this.matrix;
    this.matrix = [a * x, b * x, c * y, d * y, e, f];
  }

  rotate(angle: number): void {
    const [a, b, c, d, e, f] = this.matrix;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    this.matrix = [a * cos + c * sin, b * cos + d * sin, c * cos - a * sin, d * cos - b * sin, e, f];
  }

  getTransform(): DOMMatrix {
    const [a, b, c, d, e, f] = this.matrix;
    return { a, b, c, d, e, f } as DOMMatrix;
  }

  setLineDash(dash: Iterable<number>): void {
    this.dash = [...dash];
  }

  getLineDash(): number[] {
    return [...this.dash];
  }

  beginPath(): void {
    this.path = "";
    this.end = "";
    this.only = null;
  }

  moveTo(x: number, y: number): void {
    const point = this.point(x, y);
    // A piece that begins where the one before ended goes on with it.
    if (point !== this.end) {
      this.path += `M${point}`;
      this.end = point;
    }
    this.only = null;
  }

  lineTo(x: number, y: number): void {
    const point = this.point(x, y);
    this.path += `${this.end === "" ? "M" : "L"}${point}`;
    this.end = point;
    this.only = null;
  }

  closePath(): void {
    this.path += "Z";
    this.end = "";
  }

  rect(x: number, y: number, width: number, height: number): void {
    const first = this.path === "";
    this.moveTo(x, y);
    this.lineTo(x + width, y);
    this.lineTo(x + width, y + height);
    this.lineTo(x, y + height);
    this.closePath();
    this.only = first ? { kind: "rect", attributes: this.box(x, y, width, height) } : null;
  }

  /** A whole circle: figures draw no other arcs. */
  arc(x: number, y: number, r: number): void {
    const [cx, cy] = this.placed(x, y);
    const radius = short(r * this.size());
    const first = this.path === "";
    const [right, left] = [`${short(cx + radius)},${short(cy)}`, `${short(cx - radius)},${short(cy)}`];
    this.path += `M${right}A${radius},${radius},0,1,1,${left}A${radius},${radius},0,1,1,${right}Z`;
    this.end = "";
    this.only = first ? { kind: "circle", attributes: ` cx="${short(cx)}" cy="${short(cy)}" r="${radius}"` } : null;
  }

  /** Cuts what follows to the path, which is a rectangle, until {@link restore}. */
  clip(): void {
    const id = `${this.idPrefix}-clip${++this.clipsEver}`;
    this.clips++;
    this.settle();
    this.unopened.push(`<clipPath id="${id}">${this.shape("")}</clipPath><g clip-path="url(#${id})">`);
  }

  fill(): void {
    this.settle();
    this.filled = this.path === "" ? null : { path: this.path, fill: this.fillAttributes() };
  }

  stroke(): void {
    const { filled } = this;
    const both = filled !== null && filled.path === this.path;
    if (both) {
      this.filled = null;
    }
    const fill = both ? filled.fill : ' fill="none"';
    if (this.path !== "") {
      this.add(this.shape(`${fill}${this.strokeAttributes(1)}`));
    }
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.add(`<rect${this.box(x, y, width, height)}${this.fillAttributes()}/>`);
  }

  strokeText(text: string, x: number, y: number): void {
    this.settle();
    this.bordered = { words: this.letters(text, x, y), border: `${this.strokeAttributes(1)} paint-order="stroke"` };
  }

  fillText(text: string, x: number, y: number): void {
    const words = this.letters(text, x, y);
    const border = isSame(this.bordered?.words, words) ? this.bordered?.border : undefined;
    if (border !== undefined) {
      this.bordered = null;
    }
    this.add(textElement(words, `${this.fillAttributes()}${border ?? ""}`));
  }

  private paintOutline(outline: string): void {
    const [, , , , e, f] = this.matrix;
    const size = this.size();
    const scale = size === 1 ? "" : ` scale(${Math.round(size * 1e3) / 1e3})`;
    const look = `${this.fillAttributes()}${this.strokeAttributes(1 / size)}`;
    this.add(`<path transform="translate(${short(e)},${short(f)})${scale}" d="${outline}"${look}/>`);
  }

  private fillCell(x: number, y: number, width: number, height: number): void {
    if (!this.inCells) {
      // Without soft edges: the page would show through where neighbours meet.
      this.add('<g shape-rendering="crispEdges">');
      this.inCells = true;
    }
    this.parts.push(`<rect${this.box(x, y, width, height)}${this.fillAttributes()}/>`);
  }

  /** Writes down what was waiting, and ends a group of cells. */
  private settle(): void {
    const { filled, bordered } = this;
    this.filled = null;
    this.bordered = null;
    if (this.inCells) {
      this.parts.push("</g>");
      this.inCells = false;
    }
    if (filled !== null) {
      this.push(filled.path === this.path ? this.shape(filled.fill) : `<path d="${filled.path}"${filled.fill}/>`);
    }
    if (bordered !== null) {
      this.push(textElement(bordered.words, ` fill="none"${bordered.border}`));
    }
  }

  private add(markup: string): void {
    this.settle();
    this.push(markup);
  }

  private push(markup: string): void {
    this.parts.push(...this.unopened, markup);
    this.unopened = [];
  }

  private shape(attributes: string): string {
    return this.only === null
      ? `<path d="${this.path}"${attributes}/>`
      : `<${this.only.kind}${this.only.attributes}${attributes}/>`;
  }

  private placed(x: number, y: number): [number, number] {
    const [a, b, c, d, e, f] = this.matrix;
    return [a * x + c * y + e, b * x + d * y + f];
  }

  private point(x: number, y: number): string {
    const [px, py] = this.placed(x, y);
    return `${short(px)},${short(py)}`;
  }

  /** A rectangle of a drawing that is not turned, its sides in their order. */
  private box(x: number, y: number, width: number, height: number): string {
    const [x1, y1] = this.placed(Math.min(x, x + width), Math.min(y, y + height));
    const [x2, y2] = this.placed(Math.max(x, x + width), Math.max(y, y + height));
    const [left, top] = [short(x1), short(y1)];
    return ` x="${left}" y="${top}" width="${short(short(x2) - left)}" height="${short(short(y2) - top)}"`;
  }

  /** How many times larger the SVG's units make the drawing. */
  private size(): number {
    return Math.hypot(this.matrix[0], this.matrix[1]);
  }

  private fillAttributes(): string {
    return `${fillOf(this.fillStyle)}${alphaOf("fill", this.globalAlpha)}`;
  }

  /** @param unit of the element's own units, in the SVG's */
  private strokeAttributes(unit: number): string {
    const { strokeStyle, lineWidth, lineJoin, lineCap, lineDashOffset, dash, globalAlpha } = this;
    const width = Math.round(lineWidth * this.size() * unit * 100) / 100;
    return [
      ` stroke="${strokeStyle}"`,
      width === 1 ? "" : ` stroke-width="${width}"`,
      lineJoin === "miter" ? "" : ` stroke-linejoin="${lineJoin}"`,
      lineCap === "butt" ? "" : ` stroke-linecap="${lineCap}"`,
      dash.length === 0 ? "" : ` stroke-dasharray="${dash.join(" ")}"`,
      dash.length === 0 || lineDashOffset === 0 ? "" : ` stroke-dashoffset="${short(lineDashOffset)}"`,
      alphaOf("stroke", globalAlpha),
    ].join("");
  }

  private letters(text: string, x: number, y: number): Letters {
    const [, weight = "400", size = "10"] = /^(\d+) ([\d.]+)px/.exec(this.font) ?? [];
    const [a, b] = this.matrix;
    const [px, py] = this.placed(x, y);
    const turned = Math.round((Math.atan2(b, a) * 1800) / Math.PI) / 10;
    const turn = turned === 0 ? "" : ` transform="rotate(${turned},${short(px)},${short(py)})"`;
    const anchor = anchors[this.textAlign];
    const face = `font-size="${short(Number(size))}"${weight === "400" ? "" : ` font-weight="${weight}"`}`;
    const set = anchor === "start" ? "" : ` text-anchor="${anchor}"`;
    return { text, attributes: ` x="${short(px)}" y="${short(py)}"${turn} ${face}${set}` };
  }
}

/** A text where it stands, without its colour. */
interface Letters {
  readonly text: string;
  readonly attributes: string;
}

const isSame = (a: Letters | undefined, b: Letters) => a?.text === b.text && a.attributes === b.attributes;

/** All spaces count, as on a canvas. */
function textElement({ text, attributes }: Letters, look: string): string {
  const spaces = /^\s|\s\s|\s$/.test(text) ? ' xml:space="preserve"' : "";
  return `<text${attributes}${look}${spaces}>${escapeText(text)}</text>`;
}

interface Only {
  readonly kind: "rect" | "circle";
  readonly attributes: string;
}

interface State extends Brush {
  readonly matrix: Matrix;
  readonly dash: readonly number[];
  readonly clips: number;
}

/** A tenth of a pixel is enough; contour lines alone would fill half a megabyte. */
const short = (value: number): number => Math.round(value * 10) / 10 || 0;

const fillOf = (style: Style): string => ` fill="${style === "transparent" ? "none" : style}"`;

const alphaOf = (what: "fill" | "stroke", alpha: number): string => (alpha === 1 ? "" : ` ${what}-opacity="${alpha}"`);
