import { expect, onTestFinished, test, vi } from "vitest";
import { inLanguage, type Language } from "../core/text.ts";
import { displayWidth } from "../figure/text-width.ts";
import type { StudyProgress } from "../node/study/progress.ts";
import type { CliContext } from "./context.ts";
import { openDisplay } from "./live-display.ts";
import { openStudyDisplay } from "./study-display.ts";

const sequenceBegin = "\u001b[";

/** Characters and escape sequences. */
function pieces(text: string): string[] {
  const [first, ...rest] = text.split(sequenceBegin);
  return [
    ...first,
    ...rest.flatMap((part) => {
      const [sequence = ""] = /^\d+[AJ]/.exec(part) ?? [];
      return [`${sequenceBegin}${sequence}`, ...part.slice(sequence.length)];
    }),
  ];
}

/** A terminal of so many columns, which wraps what is longer; a command's context in it. */
function terminal(columns: number, { language = "ja" as Language, live = true } = {}) {
  const lines: string[] = [""];
  let row = 0;
  let column = 0;
  /** The characters of a line at their cells; a wide one has an empty cell behind it. */
  const put = (character: string) => {
    const width = displayWidth(character);
    if (column + width > columns) {
      newLine();
    }
    const cells = [...lines[row]].flatMap((each) => (displayWidth(each) === 2 ? [each, ""] : [each]));
    while (cells.length < column) {
      cells.push(" ");
    }
    cells.splice(column, width, character, ...(width === 2 ? [""] : []));
    lines[row] = cells.join("");
    column += width;
  };
  const newLine = () => {
    row++;
    column = 0;
    lines[row] ??= "";
  };
  const write = (text: string) => {
    for (const part of pieces(text)) {
      if (part.length > 1 && part.endsWith("A")) {
        row = Math.max(0, row - Number(part.slice(2, -1)));
      } else if (part.length > 1 && part.endsWith("J")) {
        lines.length = row + 1;
        lines[row] = [...lines[row]].slice(0, column).join("");
      } else if (part === "\r") {
        column = 0;
      } else if (part === "\n") {
        newLine();
      } else {
        put(part);
      }
    }
    return true;
  };
  const stdout = vi.spyOn(process.stdout, "write").mockImplementation(write as never);
  onTestFinished(() => stdout.mockRestore());
  const text: CliContext["text"] = (of) => inLanguage(of, language);
  const context: CliContext = {
    ...{ language, live, columns, color: false, env: {}, text },
    print: (line) => void write(`${text(line)}\n`),
    warn: () => {},
  };
  return { context, write, screen: () => lines.slice(0, -1) };
}

const progress = (done: number, total = 2000) =>
  ({ kind: "progress", run: "SGD", tags: {}, done, total, loss: 1.25 }) as const;

test.each(["ja", "en"] as const)(
  "a run's lines are drawn over, also in a narrow terminal and after ^C, in %s",
  (language) => {
    const { context, write, screen } = terminal(40, { language });
    let now = 1000;
    const display = openDisplay(
      context,
      [
        { run: "SGD", tags: {} },
        { run: "Momentum", tags: {} },
      ],
      () => now,
    );
    for (const done of [1, 400, 800, 1200]) {
      for (const task of [0, 1]) {
        display.update({ task, event: progress(done) });
      }
      now += 60_000;
      write("^C");
    }
    display.finish();
    expect(screen()).toHaveLength(2);
    expect(screen()[0]).toMatch(/^ {2}SGD {7}60%/);
    expect(screen()[1]).toMatch(/^ {2}Momentum {2}60%/);
  },
);

test("a training that goes on is told of by what it has made since", () => {
  const { context, screen } = terminal(100, { language: "en" });
  let now = 1000;
  const display = openDisplay(context, [{ run: "SGD", tags: {} }], () => now);
  display.update({ task: 0, event: progress(1000) });
  now = 11_000;
  display.update({ task: 0, event: progress(1500) });
  display.finish();
  expect(screen()).toEqual([`  SGD  ${"█".repeat(18)}${"░".repeat(6)}  75%  loss 1.2500  50 it/s  10 s left`]);
});

test("of more tasks than fit those that run are shown, how many are done, and how far all runs are", () => {
  const { context, screen } = terminal(100, { language: "en" });
  const tasks = Array.from({ length: 40 }, (_, i) => ({ run: `trial ${i}`, tags: {} }));
  const display = openDisplay(context, tasks, () => 0, { index: 1, count: 4 });
  for (const [task, done] of [2000, 2000, 1000].entries()) {
    display.update({ task, event: progress(done) });
  }
  display.finish();
  expect(screen()).toHaveLength(3);
  expect(screen()[0]).toMatch(/^ {2}trial 2 /);
  expect(screen()[1]).toBe("  2 of 40 runs done");
  expect(screen()[2]).toMatch(/^ {2}all 4 runs .* 26%$/);
});

test("into a pipe goes a line at each quarter", () => {
  const { context, screen } = terminal(100, { language: "en", live: false });
  const display = openDisplay(context, [{ run: "SGD", tags: {} }], () => 0);
  for (const done of [1, 499, 500, 501, 1000, 1999, 2000]) {
    display.update({ task: 0, event: progress(done) });
  }
  expect(screen()).toEqual(["500", "1000", "1999", "2000"].map((done) => `  SGD: ${done}/2000  loss 1.2500`));
});

const best = { number: 7, value: 0.5, params: { 学習率の名前: 0.125, 更新則: "とても長い名前の更新則" } };
const studyOf = (complete: number, more: Partial<StudyProgress> = {}): StudyProgress => ({
  ...{ total: 40, running: 1, complete, pruned: 0, failed: 0, best: best as never },
  ...more,
});

test("a study has two lines, also in a narrow terminal and after ^C", () => {
  const { context, write, screen } = terminal(40);
  let now = 0;
  const display = openStudyDisplay(context, () => now, studyOf(0, { best: null }));
  expect(screen()[1]).toBe("  最良 –");
  for (const complete of [1, 5, 20]) {
    now += 1000;
    write("^C");
    display.ended(studyOf(complete, { pruned: 3, failed: 2 }));
  }
  display.finish();
  expect(screen()).toHaveLength(2);
  expect(screen()[0]).toMatch(/^ {2}25\/40 /);
  expect(screen()[1]).toMatch(/^ {2}最良 0\.5000 {2}試行 7 {2}学習率.*…$/);
});

test("a study tells its rate by the trials that ended here, and into a pipe a line at each tenth", () => {
  const { context, screen } = terminal(200, { language: "en", live: false });
  let now = 0;
  const display = openStudyDisplay(context, () => now, studyOf(10));
  for (const complete of [11, 12, 13, 20, 40]) {
    now += 1000;
    display.ended(studyOf(complete, { failed: 0 }));
  }
  const lines = screen().map((line) => line.replace(/ {2}best.*$/, ""));
  expect(lines).toEqual(["  12/40  1 trials/s  28 s left", "  20/40  2.5 trials/s  8 s left", "  40/40  6 trials/s"]);
});
