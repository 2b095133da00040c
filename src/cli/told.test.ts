import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { expect, onTestFinished, test, vi } from "vitest";
import { DataError } from "../core/errors.ts";
import { inLanguage, type Text } from "../core/text.ts";
import { displayWidth } from "../figure/text-width.ts";
import { mlp } from "../model/blueprint.ts";
import { classify } from "../model/classify.ts";
import type { Renderer } from "../node/figure/renderer.ts";
import { DownloadBar } from "./commands/data.ts";
import { addDoctorCommand } from "./commands/doctor.ts";
import { addInspectCommand } from "./commands/inspect.ts";
import type { CliContext } from "./context.ts";
import { openStoreOrWarn } from "./open-store.ts";
import { writePictures } from "./pictures.ts";
import { printFigureOf } from "./print-figure.ts";

const why = { en: "file: must be there, got none.", ja: "ファイルがありません。" };

/** A Japanese reader's context, and what it is told. */
function japanese(env: NodeJS.ProcessEnv = {}) {
  const lines: string[] = [];
  const text = (of: Text) => inLanguage(of, "ja");
  const say = (line: Text) => void lines.push(text(line));
  const context: CliContext = {
    ...{ language: "ja", color: false, live: false, columns: 100, env, text },
    ...{ print: say, warn: say },
  };
  return { context, lines };
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "tanren-told-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Sentences of ours in English have words like these. */
const english = /\b(must be|got|Give|could not|Leave|holds?)\b/;

test("why a store cannot be opened is told in Japanese", async () => {
  const home = join(folder(), "taken");
  writeFileSync(home, "");
  const { context, lines } = japanese({ TANREN_HOME: home });
  const store = await openStoreOrWarn(undefined, context);
  expect(store.kind).toBe("memory");
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/フォルダーを作れませんでした.*この実行はストアに記録されませんが/);
  expect(lines[0]).not.toMatch(english);
});

test("why a figure cannot be drawn is told in Japanese, in the terminal and of files", async () => {
  const { context, lines } = japanese();
  const broken = () => {
    throw new DataError(why);
  };
  expect(printFigureOf(broken, { one: 9, several: 9 }, context)).toBe(true);
  expect(lines).toEqual([`ターミナルに図を描けませんでした: ${why.ja}`]);
  const drawing = { folder: folder(), pictures: [{ name: "figure", figure: broken }] };
  const { missing } = await writePictures(drawing, {} as Renderer, context);
  expect(missing.map(context.text)).toEqual([
    expect.stringMatching(/figure\.svg を出力できません.*ファイルがありません/),
  ]);
});

test("doctor says in Japanese what is wrong, and to programs the same in every language", async () => {
  const place = folder();
  const { context, lines } = japanese({ TANREN_HOME: place });
  const doctor = async (...flags: string[]) => {
    const program = new Command("tanren");
    addDoctorCommand(program, () => context);
    await program.parseAsync(["doctor", "--store", place, ...flags], { from: "user" });
  };
  await doctor();
  expect(lines.join("\n")).toMatch(/✗ sqlite: .*ファイルを指定してください/);
  lines.length = 0;
  await doctor("--json");
  expect(JSON.parse(lines[0]).store).toMatchObject({
    ok: false,
    reason: expect.stringMatching(/must be a file, got a folder/),
  });
});

test("what a model holds stands in columns, in Japanese", async () => {
  const model = classify(mlp([3]), { seed: 1 });
  await model.fit({ x: [[0], [1], [2], [3]], y: ["a", "a", "b", "b"] }, { epochs: 2 });
  const path = join(folder(), "model.tanren");
  writeFileSync(path, model.toBytes());
  const { context, lines } = japanese();
  const program = new Command("tanren");
  addInspectCommand(program, () => context);
  await program.parseAsync(["inspect", path], { from: "user" });
  const facts = lines.filter((line) => /^ {2}(入力|予測|層|パラメータ|損失|学習|最後の値|現在位置) /.test(line));
  expect(facts).toHaveLength(8);
  for (const line of facts) {
    const [label] = /^ {2}\S+ +/.exec(line)!;
    expect(displayWidth(label), line).toBe(15);
  }
  expect(facts.find((line) => line.includes("学習"))).toMatch(/2 エポック、バッチ 32、シード 1/);
});

test("a download's line is drawn over in a narrow terminal too", () => {
  const written: string[] = [];
  const stdout = vi.spyOn(process.stdout, "write").mockImplementation(((text: string) => written.push(text)) as never);
  try {
    for (const columns of [40, 120]) {
      const bar = new DownloadBar({ ...japanese().context, live: true, columns });
      bar.update("train-images-idx3-ubyte", 1e6, 9.9e6);
    }
  } finally {
    stdout.mockRestore();
  }
  const lines = written.map((text) => text.replace("\r\u001b[K", ""));
  expect(displayWidth(lines[0])).toBeLessThan(40);
  expect(lines[0]).toMatch(/train-images-idx3-ubyte\.gz {2}1\.0 MB$/);
  expect(lines[1]).toMatch(/█+░+ {2}1\.0 MB$/);
});
