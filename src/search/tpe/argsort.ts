/** Ranges up to this long are sorted by insertion. */
const short = 16;

/**
 * The order of `values`, ascending. Equal values come in the order in which NumPy's `argsort` leaves them (its plain
 * quicksort: median of three, the longer part later, insertion for 17 and fewer), because the widths of TPE's kernels
 * depend on it.
 */
export function argsort(values: Float64Array): Int32Array {
  const order = Int32Array.from(values.keys());
  const waiting: [from: number, to: number][] = [[0, values.length - 1]];
  for (let range = waiting.pop(); range !== undefined; range = waiting.pop()) {
    let [from, to] = range;
    while (to - from > short) {
      const at = partition(values, order, from, to);
      if (at - from < to - at) {
        waiting.push([at + 1, to]);
        to = at - 1;
      } else {
        waiting.push([from, at - 1]);
        from = at + 1;
      }
    }
    insertionSort(values, order, from, to);
  }
  return order;
}

function swap(order: Int32Array, i: number, j: number): void {
  const kept = order[i];
  order[i] = order[j];
  order[j] = kept;
}

/** Parts order[from … to] around its median of three; returns where that one has come to lie. */
function partition(values: Float64Array, order: Int32Array, from: number, to: number): number {
  const middle = from + ((to - from) >> 1);
  swapIfLess(values, order, middle, from);
  swapIfLess(values, order, to, middle);
  swapIfLess(values, order, middle, from);
  const pivot = values[order[middle]];
  swap(order, middle, to - 1);
  let i = from;
  let j = to - 1;
  for (;;) {
    do {
      i += 1;
    } while (values[order[i]] < pivot);
    do {
      j -= 1;
    } while (pivot < values[order[j]]);
    if (i >= j) {
      swap(order, i, to - 1);
      return i;
    }
    swap(order, i, j);
  }
}

function swapIfLess(values: Float64Array, order: Int32Array, i: number, j: number): void {
  if (values[order[i]] < values[order[j]]) {
    swap(order, i, j);
  }
}

function insertionSort(values: Float64Array, order: Int32Array, from: number, to: number): void {
  for (let i = from + 1; i <= to; i++) {
    const moved = order[i];
    const value = values[moved];
    let j = i;
    for (; j > from && value < values[order[j - 1]]; j--) {
      order[j] = order[j - 1];
    }
    order[j] = moved;
  }
}
