import { found } from "./found.ts";
import { holdSchedules } from "./hold-schedules.ts";
import { study } from "./kinds.ts";

holdSchedules({ name: "study", kind: study, found, count: 2000 });
