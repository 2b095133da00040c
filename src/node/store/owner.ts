import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { Owner } from "../../store/runs/run-rows.ts";

/** Boot and start tick of a process as Linux tells them; empty elsewhere, or when there is no such process. */
function birthOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // Field 2 is the name in brackets and may hold spaces; the start is field 22.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    return `${boot}:${fields[19]}`;
  } catch {
    return "";
  }
}

/** This process. */
export function thisProcess(): Owner {
  return { pid: process.pid, host: hostname(), birth: birthOf(process.pid) };
}

/** Whether a process still lives: true, false, or undefined when it belongs to another machine. */
export function lives(owner: Owner): boolean | undefined {
  if (owner.host !== hostname()) {
    return undefined;
  }
  if (owner.birth !== "" && birthOf(process.pid) !== "") {
    return birthOf(owner.pid) === owner.birth;
  }
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** As {@link lives}, of a worker by its name, `host:pid:…`; another's name tells nothing. */
export function workerLives(worker: string): boolean | "elsewhere" | undefined {
  const [, host, pid] = /^(.+):(\d+):[0-9a-f]+$/.exec(worker) ?? [];
  return host === undefined ? undefined : (lives({ host, pid: Number(pid), birth: "" }) ?? "elsewhere");
}
