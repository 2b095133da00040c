// Runs many command lines one after another in this process, main.ts evaluated anew for each; tells what each wrote.
// Usage: node many-lines.mjs <url of main.ts> <JSON: string[][]>; standard output is JSON: { status, stdout, stderr }[].
const [, , main, lines] = process.argv;
const tell = process.stdout.write.bind(process.stdout);
const keep = (texts) => (text) => {
  texts.push(String(text));
  return true;
};
// Each main.ts listens to the process and its streams, and none leaves.
for (const emitter of [process, process.stdout, process.stderr]) {
  emitter.setMaxListeners(0);
}
const said = [];
for (const [i, args] of JSON.parse(lines).entries()) {
  const [stdout, stderr] = [[], []];
  process.stdout.write = keep(stdout);
  process.stderr.write = keep(stderr);
  process.argv = [process.argv[0], "tanren", ...args];
  process.exitCode = undefined;
  await import(`${main}?line=${i}`);
  said.push({ status: process.exitCode ?? 0, stdout: stdout.join(""), stderr: stderr.join("") });
}
process.exitCode = 0;
tell(JSON.stringify(said), () => process.exit());
