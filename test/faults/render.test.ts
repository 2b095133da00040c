import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { RenderError, Renderer } from "../../src/node/figure/renderer.ts";
import { gallery } from "../figures/gallery.ts";
import { ended, startTanren, tanren, temporaryFolder } from "../support/cli.ts";

const broken = new URL("../support/broken-renderer.mjs", import.meta.url).href;
const withRenderer = (how: string) => ({
  TANREN_TEST_RENDERER: how,
  NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} --import ${broken}`,
});
const short = ["run", "optimizer-paths", "--out", "out"];
const numbers = ["run.json", "series.csv"];

describe("a renderer that is broken costs its picture and nothing else", () => {
  test.each([
    [
      "dies",
      ["figure-surface.svg", "figure.svg", "report.html", ...numbers],
      /^out: figure\.png, figure-surface\.png must be drawn, got the end of its process \(SIGABRT\)\. Records, .*\n$/,
    ],
    [
      "missing",
      numbers,
      /^out: figure\.svg, figure-surface\.svg, report\.html must be drawn, got the end of its process \(code 1\)\. .*\n$/,
    ],
  ])("%s", async (how, names, sentence) => {
    const home = temporaryFolder();
    const { status, stdout, stderr } = await tanren(short, { home, env: withRenderer(how) });
    expect(readdirSync(join(home, "out")).sort()).toEqual(names.toSorted());
    expect(stderr).toMatch(sentence);
    expect(stdout).toMatch(/recorded as/);
    expect(status).toBe(1);
  });

  test("in Japanese as well", async () => {
    const home = temporaryFolder();
    const { stderr } = await tanren([...short, "--lang", "ja"], { home, env: withRenderer("dies") });
    expect(stderr).toMatch(
      /figure\.png、figure-surface\.png を出力できませんでした\(描画プロセスが終了しました\(SIGABRT\)\)。/,
    );
  });

  test("a study's numbers and views stay, in search and resume", async () => {
    const home = temporaryFolder();
    const args = "search --space lr=0.01..1:log --set epochs=1 --set trainRows=100 --trials 3 --study s --out out";
    const { status, stderr } = await tanren(args.split(" "), { home, env: withRenderer("dies") });
    const names = readdirSync(join(home, "out"));
    expect(names).toEqual(expect.arrayContaining(["study.json", "trials.csv", "report.html", "history.svg"]));
    expect(names.filter((name) => name.endsWith(".png"))).toEqual([]);
    expect(stderr).toMatch(/history\.png.* must be drawn/);
    expect(status).toBe(1);
  });
});

test("Ctrl-C does not wait for a renderer that hangs", async () => {
  const home = temporaryFolder();
  const child = startTanren(["run", "all", ...short.slice(2), "--quiet"], { home, env: withRenderer("hangs at once") });
  let seen = "";
  child.stdout?.on("data", (text) => {
    if (seen === "") {
      child.kill("SIGINT");
    }
    seen += text;
  });
  const { status, stderr } = await ended(child);
  expect(status).toBe(130);
  expect(stderr).toMatch(/The pictures are not all drawn; the numbers are written\. To draw them: tanren show/);
  expect(readdirSync(join(home, "out", "optimizer-paths")).sort()).toEqual(numbers);
});

describe("the renderer's process", () => {
  const program = (text: string) => {
    const file = join(temporaryFolder(), "program.mjs");
    writeFileSync(file, text);
    return pathToFileURL(file);
  };

  test("is started again after it has died, and the next picture is drawn", async () => {
    const dies = program(`
      let jobs = 0;
      process.on("message", ({ svg }) => (svg === "bad" ? process.abort() : process.send({ drawn: String(++jobs) })));
      process.on("disconnect", () => process.exit());
    `);
    const renderer = new Renderer({ program: dies });
    const all = await Promise.allSettled(["good", "good", "bad", "good"].map((svg) => renderer.png(svg)));
    renderer.close();
    expect(all.map((one) => (one.status === "fulfilled" ? one.value : one.reason.kind))).toEqual([
      "1",
      "2",
      "died",
      "1",
    ]);
  });

  test("is ended when it does not answer in time", async () => {
    const renderer = new Renderer({ program: program("setInterval(() => {}, 1000);"), timeoutMs: 300 });
    const error = await renderer.png("").catch((error) => error);
    renderer.close();
    expect(error).toBeInstanceOf(RenderError);
    expect(error.kind).toBe("hung");
    expect(error.message).toBe(
      "renderer: must draw the picture, got no answer from its process within 0.3 s. Draw it as SVG, or leave it out.",
    );
  });

  test("takes what waits with it when it is closed", async () => {
    const renderer = new Renderer();
    const waiting = [renderer.svg(gallery, { language: "en" }), renderer.svg(gallery, { language: "ja" })];
    renderer.close();
    const all = await Promise.allSettled([...waiting, renderer.png("<svg/>")]);
    expect(all.map((one) => one.status === "rejected" && one.reason.kind)).toEqual(["stopped", "stopped", "stopped"]);
  });

  test("says why an SVG is none", async () => {
    const renderer = new Renderer();
    await expect(renderer.png("no svg")).rejects.toMatchObject({ kind: "failed" });
    renderer.close();
  });
});
