import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";

/** Bytes of what a page would fetch of a program that stands in `folder`, minified; `packed` by gzip. */
export async function bundleSize(code: string, folder: string): Promise<{ bytes: number; packed: number }> {
  return sizeOf(code, folder, {});
}

/** The same of a program that imports the core's sources as the package. */
export async function bundleSizeOfSources(code: string, door: string): Promise<{ bytes: number; packed: number }> {
  const folder = mkdtempSync(join(tmpdir(), "tanren-bundle-"));
  try {
    // As the package says of itself: "sideEffects".
    return await sizeOf(code, folder, {
      resolve: { alias: { "@tanren/core": door } },
      treeshake: { moduleSideEffects: false },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function sizeOf(code: string, folder: string, options: Omit<Parameters<typeof rolldown>[0], "input">) {
  const input = join(folder, "entry.mjs");
  writeFileSync(input, code);
  const build = await rolldown({ input, platform: "browser", ...options });
  const { output } = await build.generate({ format: "esm", minify: true });
  return { bytes: output[0].code.length, packed: gzipSync(output[0].code).length };
}

/** Programs whose size is bounded: one that only draws numbers, and a worker that does what `loop` does. */
export function boundedPrograms(loop: string) {
  const [imports, ...rest] = loop.split("\n");
  return {
    random: 'import { RandomStream } from "@tanren/core";\nconsole.log(RandomStream.seeded(1).double());\n',
    worker: `${imports}\nonmessage = async () => {\n${rest.join("\n")}\n};\n`,
  };
}
