// Bundles an npm package that the tanren package brings with it, so that who installs that does not get its dependencies.
import { join } from "node:path";
import { root } from "./setup.mjs";

/**
 * A package as one module: everything that it exports, by its name too where it is CommonJS, whose names a bundler does not
 * pass on by itself.
 * @param {string} specifier
 * @returns {Promise<{ code: string, moduleIds: readonly string[] }>} moduleIds: the files that are in it
 */
export async function vendored(specifier) {
  const { rolldown } = await import("rolldown");
  const names = Object.keys(await import(specifier)).filter((name) => /^[\w$]+$/.test(name) && name !== "default");
  const named = names.length > 0 ? `export { ${names.join(", ")} } from "${specifier}";` : "";
  const entry = `${named} import * as all from "${specifier}"; export default all.default ?? all;`;
  const build = await rolldown({
    input: "vendor",
    cwd: root,
    platform: "node",
    plugins: [
      {
        name: "vendor",
        resolveId: (id) => (id === "vendor" ? join(root, "vendor.mjs") : null),
        load: (id) => (id === join(root, "vendor.mjs") ? entry : null),
      },
    ],
    onLog: (level, { message }) => {
      if (level === "error") {
        throw new Error(`vendor: ${specifier} cannot be bundled: ${message}`);
      }
    },
  });
  const { output } = await build.generate({ format: "esm", minify: true, codeSplitting: false });
  await build.close();
  return { code: output[0].code, moduleIds: output[0].moduleIds };
}
