import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { saidBy, TanrenError } from "../../core/errors.ts";
import type { Language, Told } from "../../core/text.ts";
import type { FigureSpec } from "../../figure/figure-spec.ts";
import type { ReportSection } from "../../figure/report-spec.ts";
import type { ThemeName } from "../../figure/style.ts";
import type { SvgOptions } from "../../figure/svg.ts";

/** Why a picture is missing. `stopped`: nobody waits for it any more. */
export class RenderError extends TanrenError {
  override readonly name = "RenderError";
  readonly kind: "failed" | "died" | "hung" | "stopped";
  readonly reason: Told;

  constructor(kind: RenderError["kind"], reason: Told) {
    super({
      en: `renderer: must draw the picture, got ${reason.en}. Draw it as SVG, or leave it out.`,
      ja: `図を描けませんでした(${reason.ja})。SVG で出力するか、この図を省いてください。`,
    });
    this.kind = kind;
    this.reason = reason;
  }
}

export interface FigureDrawing {
  readonly language: Language;
  readonly theme?: ThemeName;
  /** Pixels. */
  readonly width?: number;
}

export interface RendererOptions {
  /** Milliseconds a picture may take before its process is ended; 120,000 when absent. */
  readonly timeoutMs?: number;
  /** The process's program; this package's own when absent. */
  readonly program?: URL;
}

interface Waiting {
  readonly job: RenderJob;
  readonly resolve: (drawn: string | Uint8Array) => void;
  readonly reject: (error: RenderError) => void;
}

const ownProgram = new URL(
  import.meta.url.endsWith(".ts") ? "./render-process.ts" : "./render-process.js",
  import.meta.url,
);

/** A child in an endless loop would not notice that its parent has gone. */
const living = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of living) {
    child.kill("SIGKILL");
  }
});

/**
 * Draws in a process of its own, one picture after the other. The process is started with the first picture, started again
 * when it has died, and keeps nobody from ending: it is left running only as long as its parent runs.
 */
export class Renderer {
  private readonly timeoutMs: number;
  private readonly program: string;
  private readonly waiting: Waiting[] = [];
  private current: Waiting | null = null;
  private child: ChildProcess | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  constructor({ timeoutMs = 120_000, program = ownProgram }: RendererOptions = {}) {
    this.timeoutMs = timeoutMs;
    this.program = fileURLToPath(program);
  }

  /** A figure as SVG. @throws RenderError */
  async svg(spec: FigureSpec, options: FigureDrawing): Promise<string> {
    return String(await this.ask({ kind: "svg", spec, options }));
  }

  /** A section of a report as HTML. @throws RenderError */
  async section(section: ReportSection): Promise<string> {
    return String(await this.ask({ kind: "section", section }));
  }

  /** An SVG as PNG. @param density pixels of the image a pixel of the drawing  @throws RenderError */
  async png(svg: string, density = 2): Promise<Uint8Array> {
    return (await this.ask({ kind: "png", svg, density })) as Uint8Array;
  }

  /** Ends the process; what waits is rejected. Nothing can be drawn afterwards. */
  close(): void {
    this.closed = true;
    const error = new RenderError("stopped", { en: "its end before the picture", ja: "描画の中止" });
    for (const { reject } of this.waiting.splice(0)) {
      reject(error);
    }
    this.end(error);
  }

  private ask(job: RenderJob): Promise<string | Uint8Array> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ job, resolve, reject });
      this.next();
    });
  }

  private next(): void {
    if (this.closed) {
      this.close();
      return;
    }
    if (this.current !== null) {
      return;
    }
    const next = this.waiting.shift();
    if (next === undefined) {
      this.child?.channel?.unref();
      this.child?.unref();
      return;
    }
    this.current = next;
    this.child ??= this.start();
    this.child.ref();
    this.child.channel?.ref();
    this.timer = setTimeout(() => {
      const seconds = this.timeoutMs / 1000;
      const en = `no answer from its process within ${seconds} s`;
      this.end(new RenderError("hung", { en, ja: `描画プロセスが ${seconds} 秒以内に応答しませんでした` }));
    }, this.timeoutMs);
    try {
      this.child.send(next.job, (error) => {
        if (error !== null) {
          this.fail(next, new RenderError("died", saidBy(error)));
        }
      });
    } catch (error) {
      this.fail(next, new RenderError("failed", saidBy(error)));
    }
  }

  private start(): ChildProcess {
    const child = fork(this.program, [], {
      execArgv: ["--disable-warning=ExperimentalWarning"],
      // What a dying renderer says of itself is no sentence for a reader.
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      // Numbers that JSON has not, and bytes.
      serialization: "advanced",
    });
    const gone = (reason: Told) => {
      if (this.child === child) {
        this.end(new RenderError("died", reason));
      }
    };
    child.on("error", (error) => gone(saidBy(error)));
    child.on("exit", (code, signal) => {
      const how = signal ?? `code ${code}`;
      gone({ en: `the end of its process (${how})`, ja: `描画プロセスが終了しました(${how})` });
    });
    child.on("message", (answer: RenderAnswer) => {
      const asked = this.current;
      if (this.child !== child || asked === null) {
        return;
      }
      if ("failure" in answer) {
        this.fail(asked, new RenderError("failed", saidBy(answer.failure)));
      } else {
        this.settle();
        asked.resolve(answer.drawn);
        this.next();
      }
    });
    living.add(child);
    child.on("exit", () => living.delete(child));
    return child;
  }

  private fail(asked: Waiting, error: RenderError): void {
    if (this.current === asked) {
      this.settle();
      asked.reject(error);
      this.next();
    }
  }

  /** Ends the process, and with it the picture it was asked for. */
  private end(error: RenderError): void {
    const { child, current } = this;
    this.child = null;
    child?.kill("SIGKILL");
    this.settle();
    current?.reject(error);
    if (!this.closed) {
      this.next();
    }
  }

  private settle(): void {
    clearTimeout(this.timer);
    this.current = null;
  }
}

/** What the rendering process is asked to draw. */
export type RenderJob =
  | { readonly kind: "svg"; readonly spec: FigureSpec; readonly options: SvgOptions }
  | { readonly kind: "section"; readonly section: ReportSection }
  | { readonly kind: "png"; readonly svg: string; readonly density: number };

/** What came of it: markup, or the bytes of a PNG; or the reason why there is none. */
export type RenderAnswer = { readonly drawn: string | Uint8Array } | { readonly failure: string };
