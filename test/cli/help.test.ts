import type { Command } from "commander";
import { expect, test } from "vitest";
import { helpInJapanese, japanese } from "../../src/cli/help-text.ts";
import { programFor } from "../../src/cli/program.ts";
import { displayWidth } from "../../src/figure/text-width.ts";

const allOf = (command: Command): Command[] => [command, ...command.commands.flatMap(allOf)];
const described = (command: Command) => [...command.options, ...command.registeredArguments];

test("every option and argument of every command has its help in Japanese too", () => {
  const texts = allOf(programFor(["--lang", "en"])).flatMap((command) =>
    described(command).map((one) => one.description),
  );
  expect(texts.length).toBeGreaterThan(100);
  expect(texts.filter((text) => helpInJapanese(text) === undefined)).toEqual([]);
  const said = new Set([...texts, "display help for command"]);
  expect(Object.keys(japanese).filter((text) => !said.has(text))).toEqual([]);
});

test.each([
  ["en", /Usage: .*Options:/s, /[\u3041-\u9fff]/],
  ["ja", /使い方: .*オプション:/s, /\(default|\(choices|may be repeated/],
])("help speaks one language: %s", (lang, has, lacks) => {
  for (const command of allOf(programFor(["--lang", lang]))) {
    expect(command.helpInformation()).toMatch(has);
    expect(command.helpInformation()).not.toMatch(lacks);
  }
});

test.each(["en", "ja"])("help fits 80 columns, and says choices and defaults in one way: %s", (lang) => {
  for (const command of allOf(programFor(["--lang", lang]))) {
    const help = command.helpInformation();
    expect(help.split("\n").filter((line) => displayWidth(line) > 80)).toEqual([]);
    expect(help).not.toMatch(/\(choices: |\[\]|undefined/);
  }
});
