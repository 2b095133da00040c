import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { RandomStream } from "../../src/core/random.ts";
import { npzBytes, readNpz } from "../../src/formats/npz.ts";
import { type ElementType, elementTypes, type NumberArray } from "../../src/formats/number-array.ts";
import { modelBytes } from "../../src/model/model-file.ts";
import { temporaryFolder } from "../support/cli.ts";
import { randomModel } from "./random-model.ts";

/** A Python with NumPy; Debian's, installed where that is possible, when there is none. */
function findPython(): string {
  const found = () =>
    ["python3", "/usr/bin/python3"].find((program) => spawnSync(program, ["-c", "import numpy"]).status === 0);
  if (found() === undefined) {
    spawnSync("sh", ["-c", "apt-get update -qq; apt-get install -y -qq --no-install-recommends python3-numpy"]);
  }
  const program = found();
  if (program === undefined) {
    throw new Error("python3: must have NumPy, got none. Install Debian's package python3-numpy.");
  }
  return program;
}

let program: string | null = null;

function run(script: string, folder: string): string {
  program ??= findPython();
  const { status, stdout, stderr } = spawnSync(program, ["-c", script], { cwd: folder, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return stdout;
}

/** Every element type in every shape of up to three dimensions, random bits in it. */
function arrays(random: RandomStream): Map<string, NumberArray> {
  const found = new Map<string, NumberArray>();
  for (const dtype of Object.keys(elementTypes) as ElementType[]) {
    for (const shape of [[], [0], [7], [2, 3], [3, 1, 2], [40, 50]]) {
      const bytes = new Uint8Array(shape.reduce((a, b) => a * b, 1) * elementTypes[dtype].BYTES_PER_ELEMENT);
      const bits = bytes.map(() => Math.floor(random.double() * (dtype === "bool" ? 2 : 256)));
      found.set(`${dtype} ${shape.join("x")}`, { dtype, shape, data: new elementTypes[dtype](bits.buffer) });
    }
  }
  return found;
}

const hexOf = ({ data }: NumberArray) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("hex");
const described = (given: ReadonlyMap<string, NumberArray>) =>
  Object.fromEntries([...given].map(([name, array]) => [name, [array.dtype, array.shape, hexOf(array)]]));

/** Names of the arrays that differ; the arrays themselves are too long to be shown. */
function apart(a: ReturnType<typeof described>, b: ReturnType<typeof described>): string[] {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names.filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]));
}

/** What Python found, as {@link described}. */
const tell = `
import json, sys
def tell(arrays):
    print(json.dumps({name: [str(a.dtype), list(a.shape), a.tobytes().hex()] for name, a in arrays.items()}))
`;

test.each(["stored", "deflated"] as const)("NumPy reads what is written (%s) bit for bit", async (method) => {
  const folder = temporaryFolder();
  const given = arrays(RandomStream.seeded(3));
  writeFileSync(join(folder, "a.npz"), await npzBytes(given, { method }));
  const told = run(`${tell}\nimport numpy\ntell(dict(numpy.load("a.npz")))`, folder);
  expect(apart(JSON.parse(told), described(given))).toEqual([]);
});

test("what NumPy writes again, in either order of dimensions and bytes, packed or not, is read bit for bit", async () => {
  const folder = temporaryFolder();
  const given = arrays(RandomStream.seeded(4));
  writeFileSync(join(folder, "a.npz"), await npzBytes(given));
  run(
    `import numpy
a = dict(numpy.load("a.npz"))
numpy.savez("plain.npz", **a)
numpy.savez_compressed("packed.npz", **a)
numpy.savez("fortran.npz", **{n: numpy.asfortranarray(x) for n, x in a.items()})
numpy.savez("big.npz", **{n: x.astype(x.dtype.newbyteorder(">")) for n, x in a.items()})`,
    folder,
  );
  for (const file of ["plain", "packed", "big"]) {
    const read = described(await readNpz(readFileSync(join(folder, `${file}.npz`)), file));
    expect(apart(read, described(given)), file).toEqual([]);
  }
  // numpy.asfortranarray keeps 0 dimensions in some versions and makes them 1 in others.
  const fortran = await readNpz(readFileSync(join(folder, "fortran.npz")), "fortran");
  const flat = (all: ReadonlyMap<string, NumberArray>) =>
    described(
      new Map([...all].map(([name, array]) => [name, array.shape.length > 0 ? array : { ...array, shape: [1] }])),
    );
  expect(apart(flat(fortran), flat(given))).toEqual([]);
});

test("a reader of safetensors in ten lines of Python finds a model's weights bit for bit", () => {
  const folder = temporaryFolder();
  const random = RandomStream.seeded(5);
  for (let i = 0; i < 20; i++) {
    const { state } = randomModel(random);
    writeFileSync(join(folder, "m.tanren"), modelBytes(state));
    const told = run(
      `${tell}
import numpy, struct
file = open("m.tanren", "rb").read()
length, = struct.unpack("<Q", file[:8])
header = json.loads(file[8:8 + length])
types = {"F32": "<f4", "F64": "<f8"}
header.pop("__metadata__")
def array(dtype, shape, data_offsets):
    begin, end = (8 + length + at for at in data_offsets)
    return numpy.frombuffer(file[begin:end], types[dtype]).reshape(shape)
tell({name: array(**entry) for name, entry in header.items()})`,
      folder,
    );
    expect(apart(JSON.parse(told), described(new Map(Object.entries(state.tensors))))).toEqual([]);
  }
});
