// Preloaded (NODE_OPTIONS=--import) into the command line and what it starts: breaks the process that draws, as a renderer
// that is missing, dies or hangs would.
const how = process.env.TANREN_TEST_RENDERER;
if (process.argv[1]?.includes("render-process")) {
  if (how === "missing") {
    process.exit(1);
  }
  process.prependListener("message", ({ kind }) => {
    if (kind === "png" && how === "dies") {
      process.abort();
    }
    if (kind === "png" && how === "hangs") {
      for (;;) {}
    }
    if (how === "hangs at once") {
      for (;;) {}
    }
  });
}
