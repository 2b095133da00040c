// The recipes of docs/recipes.md, mean of five seeds: node scripts/recipes.ts iris | flowers | digits
import { adam, classify, cosine, kFold, mlp, network, oneCycle, regress, type Table } from "../src/core-index.ts";
import { loadDataset, readCsv } from "../src/node/core.ts";

const seeds = [0, 1, 2, 3, 4];
const data = new URL("../docs/data/iris.csv", import.meta.url).pathname;
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Iris, ten folds: the share of the flowers held back that are named rightly. */
async function iris(): Promise<void> {
  const flowers = await readCsv(data, { target: "species" });
  const accuracies: number[] = [];
  for (const seed of seeds) {
    for (const { train, test } of kFold(flowers, 10, { seed })) {
      const model = classify(mlp([16]), { seed });
      await model.fit(train, { optimizer: adam({ lr: 0.03 }), schedule: cosine(), epochs: 100, weightDecay: 0.01 });
      accuracies.push(model.evaluate(test).accuracy);
    }
  }
  console.log(`iris: accuracy ${mean(accuracies).toFixed(4)}`);
}

/** The petals' width from the rest, ten folds: root mean squared error beside that of ordinary least squares. */
async function flowers(): Promise<void> {
  const table = await readCsv(data, { target: "petalWidth" });
  const ours: number[] = [];
  const theirs: number[] = [];
  for (const seed of seeds) {
    for (const { train, test } of kFold(table, 10, { seed })) {
      const model = regress(mlp([16]), { seed });
      await model.fit(train, { optimizer: adam({ lr: 0.01 }), epochs: 60, weightDecay: 0.003 });
      ours.push(model.evaluate(test).rmse);
      theirs.push(leastSquares(train, test));
    }
  }
  console.log(`flowers: rmse ${mean(ours).toFixed(4)}, ordinary least squares ${mean(theirs).toFixed(4)}`);
}

/** Root mean squared error of ordinary least squares, by the normal equations in float64. */
function leastSquares(train: Table, test: Table): number {
  const rowsOf = ({ csv: { cells, columns, rows } }: Table) => {
    const width = cells.slice(0, columns);
    const at = width.indexOf("petalWidth");
    return Array.from({ length: rows - 1 }, (_, i) => {
      const row = cells.slice((i + 1) * columns, (i + 2) * columns);
      const species = ["versicolor", "virginica"].map((name) => Number(row[width.indexOf("species")] === name));
      const numbers = row.filter((_, j) => j !== at && width[j] !== "species").map(Number);
      return { x: [1, ...numbers, ...species], y: Number(row[at]) };
    });
  };
  const rows = rowsOf(train);
  const n = rows[0].x.length;
  const a = Array.from({ length: n }, (_, i) => [
    ...Array.from({ length: n }, (_, j) => rows.reduce((sum, { x }) => sum + x[i] * x[j], 0)),
    rows.reduce((sum, { x, y }) => sum + x[i] * y, 0),
  ]);
  for (let i = 0; i < n; i++) {
    const pivot = a.slice(i).reduce((best, row, k) => (Math.abs(row[i]) > Math.abs(a[best][i]) ? i + k : best), i);
    [a[i], a[pivot]] = [a[pivot], a[i]];
    for (let k = 0; k < n; k++) {
      if (k !== i) {
        const share = a[k][i] / a[i][i];
        a[k] = a[k].map((value, j) => value - share * a[i][j]);
      }
    }
  }
  const w = a.map((row, i) => row[n] / row[i]);
  const held = rowsOf(test);
  return Math.sqrt(mean(held.map(({ x, y }) => (x.reduce((sum, value, i) => sum + value * w[i], 0) - y) ** 2)));
}

/** MNIST: the share of the 10,000 test digits that are named rightly, and the seconds of training. */
async function digits(): Promise<void> {
  const { train, test } = await loadDataset("mnist");
  const accuracies: number[] = [];
  const seconds: number[] = [];
  for (const seed of seeds) {
    const model = classify(network("affine 256; relu; dropout 0.2"), { seed });
    const began = performance.now();
    const options = { optimizer: adam({ lr: 0.005 }), schedule: oneCycle(), labelSmoothing: 0.1 };
    await model.fit(train, { ...options, epochs: 8, batchSize: 256 });
    seconds.push((performance.now() - began) / 1000);
    accuracies.push(model.evaluate(test).accuracy);
  }
  console.log(
    `digits: accuracy ${mean(accuracies).toFixed(4)} in ${mean(seconds).toFixed(1)} s (${selected(seconds)})`,
  );
}

const selected = (values: readonly number[]) => values.map((value) => value.toFixed(1)).join(", ");

const recipes = { iris, flowers, digits };
const [name] = process.argv.slice(2);
if (!Object.hasOwn(recipes, name ?? "")) {
  process.stderr.write(`recipes: must be one of ${Object.keys(recipes).join(", ")}, got ${name ?? "none"}.\n`);
  process.exitCode = 2;
} else {
  await recipes[name as keyof typeof recipes]();
}
