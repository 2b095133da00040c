import { expect, test } from "vitest";
import { kernelsOf, runInDeno } from "../scripts/notebook.mjs";
import { executeInJupyter } from "./support/jupyter.ts";
import { codeCells, plainOutputs, shortCode, storedNotebook } from "./support/notebook.ts";

/** Twenty executions of the whole notebook would take half an hour; what is lost is lost between a cell and the next. */
const executions = 20;

test.each(["en", "ja"])("the notebook in %s shows what a whole run of its cells gives", (language) => {
  const notebook = storedNotebook(language);
  const stored = codeCells(notebook);
  // By the kernels that it was made with: others round otherwise, and one cell says which they are.
  const outputs = runInDeno(
    stored.map(({ source }) => source.join("")),
    kernelsOf(notebook),
  );
  stored.forEach((cell, i) => {
    expect(plainOutputs(outputs[i]), `cell ${i + 1}`).toEqual(plainOutputs(cell.outputs));
  });
});

test("twenty executions in Jupyter lose no output and put none under another cell", () => {
  const sources = shortCode("en");
  const expected = runInDeno(sources).map((outputs) => plainOutputs(outputs));
  const notebook = {
    ...storedNotebook("en"),
    cells: sources.map((source, i) => ({
      cell_type: "code",
      id: `cell-${i}`,
      metadata: {},
      execution_count: null,
      outputs: [],
      source: [source],
    })),
  };
  for (let execution = 1; execution <= executions; execution++) {
    const shown = codeCells(executeInJupyter(notebook)).map(({ outputs }) => plainOutputs(outputs));
    expect(shown, `execution ${execution}`).toEqual(expected);
  }
});
