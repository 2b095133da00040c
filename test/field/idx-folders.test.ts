import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import type { RunRecord } from "../../src/core/record.ts";
import { fingerprintOf } from "../../src/data/fingerprint.ts";
import { mnistFiles } from "../../src/data/mnist.ts";
import { downloadMnist } from "../../src/node/data/download.ts";
import { findMnist, readIdx, readMnist } from "../../src/node/data/mnist-folder.ts";
import { tanren, temporaryFolder } from "../support/cli.ts";
import { idxBytes, writeIdxFolder } from "../support/idx.ts";

const small = { train: 60, test: 20 };
const pack = (bytes: Uint8Array) => gzipSync(bytes, { level: 1 });

/** The names and packings in which people have the same four files. */
test("a set reads the same under every usual name, packed or not, whatever its names say of that", async () => {
  const members = {
    published: {},
    packed: { name: (n: string) => `${n}.gz`, wrap: pack },
    dots: { name: (n: string) => n.replace("-idx", ".idx") },
    "unpacked by the browser, still named .gz": { name: (n: string) => `${n}.gz` },
    "packed without saying so": { wrap: pack },
    "packed twice": { name: (n: string) => `${n}.gz`, wrap: (b: Uint8Array) => pack(pack(b)) },
    emnist: { name: (n: string) => `emnist-letters-${n.replace("t10k", "test")}.gz`, wrap: pack },
    capitals: { name: (n: string) => n.toUpperCase() },
  };
  const prints = new Set<string>();
  for (const [name, member] of Object.entries(members)) {
    const { train, test: held } = await readMnist(
      writeIdxFolder(join(temporaryFolder(), name), { ...small, ...member }),
    );
    prints.add(fingerprintOf([train, held]));
  }
  expect(prints.size).toBe(1);
});

test.each([
  ["EMNIST letters, numbered from 1", 26, 1, 1],
  ["EMNIST balanced", 47, 0, 1],
  ["EMNIST by class", 62, 0, 1],
  ["Kuzushiji-49", 49, 0, 1],
  ["300 classes in 16 bits", 300, 0, 2],
  ["1,000 classes in 32 bits, numbered from 1", 1000, 1, 4],
] as const)("%s: %i classes", async (_, classes, from, labelBytes) => {
  const label = (row: number) => from + (row % classes);
  const rows = { train: 2 * classes, test: classes };
  const folder = writeIdxFolder(temporaryFolder(), { ...rows, classes, label, labelBytes });
  const found = await readMnist(folder);
  expect(found.classes).toBe(classes);
  expect([...found.test.labels]).toEqual(Array.from({ length: classes }, (_value, row) => row % classes));
  expect(found.notes).toHaveLength(from);
});

test("a set of 47 classes trains in the chapter's experiments: the network's size follows the data", async () => {
  const home = temporaryFolder();
  const data = writeIdxFolder(join(home, "balanced"), { train: 470, test: 94, classes: 47 });
  const set = ["iterations=4", "hiddenSizes=8", "trainRows=470"].flatMap((one) => ["--set", one]);
  const run = await tanren(
    ["run", "optimizer-comparison", ...set, "--backend", "wasm", "--quiet", "--data", data, "--out", join(home, "o")],
    { home, pictures: "none" },
  );
  expect(run.stderr).not.toContain("47");
  const { series } = JSON.parse(readFileSync(join(home, "o", "run.json"), "utf8")) as RunRecord;
  expect(series[0].y[0]).toBeGreaterThan(Math.log(20));
});

test("what no set has is refused by a sentence, before memory is taken for it", async () => {
  const folder = temporaryFolder();
  const at = (name: string, bytes: Uint8Array) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const claims = idxBytes([0], () => 0);
  const huge = new Uint8Array(16);
  huge.set([0, 0, 8, 3]);
  new DataView(huge.buffer).setUint32(4, 2_000_000);
  new DataView(huge.buffer).setUint32(8, 28);
  new DataView(huge.buffer).setUint32(12, 28);
  await expect(readIdx(at("huge", huge))).rejects.toThrow(/must hold 1568000000 bytes .* got a file of at most 16/);
  await expect(readIdx(at("bomb", pack(huge)))).rejects.toThrow(/got a file of at most \d+/);
  await expect(readIdx(at("thrice", pack(pack(pack(claims)))))).rejects.toThrow(/packed at most twice/);
  const mixed = writeIdxFolder(join(folder, "mixed"), { ...small, name: (n) => `emnist-letters-${n}` });
  writeIdxFolder(mixed, { ...small, name: (n) => `emnist-digits-${n}` });
  await expect(readMnist(mixed)).rejects.toThrow(
    /must hold one data set, got 2. Name one: .*emnist-digits, .*emnist-letters/,
  );
  expect((await readMnist(join(mixed, "emnist-letters"))).train.images.count).toBe(60);
  const numpy = temporaryFolder();
  writeFileSync(join(numpy, "k49-train-imgs.npz"), "");
  await expect(readMnist(numpy)).rejects.toThrow(/NumPy archives \(k49-train-imgs.npz\) are not read/);
  await expect(readMnist(join(numpy, "not", "there"))).rejects.toThrow(/must be a folder of IDX files/);
});

test("a mirror that marks gzip as Content-Encoding gives the same files", async () => {
  const { folder: source } = findMnist({});
  const server = createServer((request, response) => {
    const file = mnistFiles.find(({ name }) => request.url === `/${name}.gz`);
    response.setHeader("content-encoding", "gzip");
    response.end(gzipSync(readFileSync(join(source, file?.name ?? "")), { level: 1 }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const folder = temporaryFolder();
  expect(await downloadMnist({ folder, mirrors: [`http://127.0.0.1:${port}/`] })).toHaveLength(4);
  expect((await readMnist(folder)).train.images.count).toBe(60_000);
});

test("data verify reads any folder of IDX files and any CSV file, says what they hold, and names what is wrong", async () => {
  const home = temporaryFolder();
  writeIdxFolder(join(home, "mine"), { classes: 3 });
  const sound = await tanren(["data", "verify", "./mine"], { home });
  expect(sound).toMatchObject({ status: 0, stderr: "" });
  expect(sound.stdout.match(/✓/g)).toHaveLength(4);
  expect(sound.stdout).toMatch(/labels of 3 classes[\s\S]*Fingerprint [0-9a-f]{16}/);
  writeFileSync(join(home, "table.csv"), "a,b,c\n1,2,x\n3,4,y\n5,6,x\n7,8,y\n");
  expect((await tanren(["data", "verify", "table.csv"], { home })).stdout).toContain("4 rows, 2 inputs, 2 classes");
  const none = await tanren(["data", "get", "emnist"], { home });
  expect(none).toMatchObject({ status: 1, stderr: expect.stringContaining("read from where it lies") });
});
