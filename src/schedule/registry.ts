import { named } from "../core/checks.ts";
import { schedules } from "./curves/index.generated.ts";
import type { Schedule } from "./schedule.ts";

export { schedules };

/** The schedule of that name, whatever its case. @throws HyperError that suggests the nearest */
export function scheduleNamed(name: string): Schedule {
  return named("schedule", "スケジュール", schedules, name);
}
