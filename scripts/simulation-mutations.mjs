// Faults that no test of one process meets: the simulator must find each within 10,000 schedules. A file below src, what the
// fault is, the text it replaces (which stands there exactly once) and the text it puts there: see scripts/mutate.mjs.

export const simulationFaults = [
  {
    kind: "study",
    faults: [
      [
        "store/studies/trial-locks.ts",
        "the fence is dropped",
        'if (row === undefined || row.state !== "running" || row.attempt !== lease.attempt) {',
        "if (row === undefined) {",
      ],
      [
        "store/studies/trial-locks.ts",
        "any attempt may write while its trial runs",
        'row.state !== "running" || row.attempt !== lease.attempt',
        'row.state !== "running"',
      ],
      [
        "store/studies/trial-locks.ts",
        "a trial's reports and results are taken after its end",
        'row.state !== "running" || row.attempt !== lease.attempt',
        "row.attempt !== lease.attempt",
      ],
      [
        "store/studies/sql-study-store.ts",
        "a heartbeat prolongs whatever attempt runs",
        'eb.and([eb("study", "=", study), eb("number", "=", number), eb("attempt", "=", attempt)])',
        'eb.and([eb("study", "=", study), eb("number", "=", number), eb("attempt", ">=", attempt)])',
      ],
      [
        "store/studies/trial-ends.ts",
        "a lease prolonged meanwhile is taken all the same",
        "return row?.attempt === attempt && row.lease_until === lease_until;",
        "return row?.attempt === attempt;",
      ],
      [
        "store/studies/lease-watch.ts",
        "leases go by the clock",
        "(sight.left < 0 || stood > Math.min(sight.left, 2 * leaseMs)) &&",
        "until < now ||",
      ],
      [
        "store/studies/lease-watch.ts",
        "who may live is given no time to show it",
        "(stood >= leaseMs / 2 || !this.mayLive(row.worker))",
        "true",
      ],
      [
        "store/studies/claim-trial.ts",
        "a claim that is repeated does not know its own trial",
        "if (unit.again) {",
        'if (unit.again && context.claim === "") {',
      ],
      [
        "store/studies/sql-study-store.ts",
        "a result that is told again is refused",
        "if (unit.again && (await endOf(unit, lease)) === outcome.state) {",
        'if (unit.again && (await endOf(unit, lease)) === "") {',
      ],
      [
        "store/studies/trial-ends.ts",
        "a trial that waits again keeps its attempt",
        "attempt: lease.attempt + 1,",
        "attempt: lease.attempt,",
      ],
      ["store/studies/trial-ends.ts", "lost attempts are not counted", "trial.lost + Number(died)", "trial.lost"],
      ["store/studies/trial-ends.ts", "one attempt more may be lost", "lost < maxAttempts;", "lost <= maxAttempts;"],
      [
        "store/studies/trial-ends.ts",
        "a trial's record has the reports of its dead attempts",
        '.where("attempt", "=", attempt)\n    .returning(["step", "value"])',
        '.where("attempt", "<=", attempt)\n    .returning(["step", "value"])',
      ],
      [
        "store/studies/metrics.ts",
        "a running trial shows the reports of its dead attempts",
        '.onRef("m.attempt", "=", "t.attempt")',
        "",
      ],
      [
        "store/studies/claim-trial.ts",
        "an attempt goes on from the oldest checkpoint",
        '.orderBy("attempt", "desc")',
        '.orderBy("attempt", "asc")',
      ],
      [
        "store/studies/claim-trial.ts",
        "what was reported until a checkpoint is forgotten",
        "await insertMetrics(unit, { study, number, attempt }, checkpoint.intermediate);",
        "",
      ],
      [
        "store/studies/claim-trial.ts",
        "the seen set is off by those that failed just now",
        "const done = finished + back.taken - back.waiting.length;",
        "const done = finished;",
      ],
      [
        "store/studies/sql-study-store.ts",
        "a sampler misses the last result",
        "if (cache.finished.length < finished) {",
        "if (cache.finished.length + 1 < finished) {",
      ],
      [
        "store/studies/sql-study-store.ts",
        "what a broken transaction read stays in the cache",
        "read = cache.branch();",
        "read = cache;",
      ],
      [
        "search/study.ts",
        "what a broken claim drew is taken for what another has drawn",
        "begun?.number === claimed.number && claimed.attempt === 1",
        "begun?.number === claimed.number",
      ],
      [
        "store/studies/finished-cache.ts",
        "a trial read twice is counted twice",
        "if (order === this.trials.length + 1) {",
        "if (order > 0) {",
      ],
      [
        "store/studies/trial-ends.ts",
        "a trial that waits again has no new revision",
        "lease_until: null,\n        revision: trial.revision,",
        "lease_until: null,",
      ],
      [
        "store/studies/sql-study-store.ts",
        "a second search asks for as many trials again",
        "const missing = Math.max(0, total - Number(count));",
        "const missing = total;",
      ],
      [
        "store/studies/sql-study-store.ts",
        "a search ends while trials run elsewhere",
        '.where("state", "in", ["waiting", "running"])\n        .executeTakeFirstOrThrow(),\n    );\n    return Number(row.count);',
        '.where("state", "in", ["waiting"])\n        .executeTakeFirstOrThrow(),\n    );\n    return Number(row.count);',
      ],
      [
        "node/store/sqlite-studies.ts",
        "a search that only watches does not see that its store is gone",
        "// Whoever only watches would watch a deleted file for ever.\n        place.mustBeThere();",
        "",
      ],
      ["store/retry.ts", "nothing is tried again", "!passes(error) ||", "passes(error) ||"],
      [
        "search/trial-writer.ts",
        "writing goes on after a gap",
        "if (this.failure !== undefined) {\n      // What",
        "if (this.lease.attempt < 0) {\n      // What",
      ],
      [
        "search/trial-writer.ts",
        "a trial ends before what it reported is kept",
        "await this.flushed();\n    await this.log.finish",
        "await this.log.finish",
      ],
      [
        "search/study.ts",
        "a second attempt draws as if nothing had been drawn",
        "if (!this.passed.has(claimed.number)) {",
        "if (claimed.number < 0) {",
      ],
      [
        "search/study.ts",
        "a second attempt draws by all that is known by now",
        "this.view.finished.slice(0, claimed.seen)",
        "this.view.finished",
      ],
      [
        "node/study/trial/attempt.ts",
        "a search that is stopped loses its attempts",
        "const lost = !signal.aborted;",
        "const lost = true;",
      ],
      [
        "node/study/heartbeat.ts",
        "no lease is prolonged",
        "await store.heartbeat(leases(), leaseMs)",
        "await store.heartbeat([], leaseMs)",
      ],
    ],
  },
  // Two transactions side by side, as SQLite never has them.
  {
    kind: "postgres",
    faults: [
      [
        "store/studies/trial-locks.ts",
        "a trial is looked at without being locked",
        'return kind === "postgres" ? query.forNoKeyUpdate() : query;',
        "return query;",
      ],
      [
        "store/studies/trial-ends.ts",
        "who holds the study waits for a trial that is being written",
        'await (unit.kind === "postgres" ? query.forNoKeyUpdate().skipLocked() : query).execute();',
        'await (unit.kind === "postgres" ? query.forNoKeyUpdate() : query).execute();',
      ],
      [
        "store/studies/trial-ends.ts",
        "a trial is taken back without being locked",
        'await (unit.kind === "postgres" ? query.forNoKeyUpdate().skipLocked() : query).execute();',
        "await query.execute();",
      ],
      [
        "store/studies/sql-study-store.ts",
        "a result whose commit was not heard of is refused the second time",
        "if (unit.again && (await endOf(unit, lease)) === outcome.state) {",
        'if (unit.again && (await endOf(unit, lease)) === "") {',
      ],
    ],
  },
];
