// A lock that one process of a checkout holds at a time. Plain JavaScript for any Node ≥ 20: it is needed before anything
// is installed.
import { spawnSync } from "node:child_process";
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";

/** A lock without a word about its owner is an older Tanren's; the guard is held for some system calls only. */
const mute = 5_000;

/** When a process started, in its system's own terms: its number alone is given out again. Empty where nobody tells. */
function birthOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // Field 2 is the name in brackets and may hold spaces; the start is field 22.
    const start = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim()}:${start}`;
  } catch {
    const told = process.platform === "win32" ? null : spawnSync("ps", ["-o", "lstart=", "-p", String(pid)]);
    return told?.status === 0 ? String(told.stdout).trim() : "";
  }
}

function lives({ pid, host, birth }) {
  if (host !== hostname()) {
    return false;
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== "EPERM") {
      return false;
    }
  }
  return birth === "" || birthOf(pid) === birth;
}

/** Who holds the lock: its owner as written, `"mute"` when nothing is written, null when nobody does. */
function ownerOf(path) {
  try {
    const { pid, host, birth } = JSON.parse(readFileSync(path, "utf8"));
    return Number.isInteger(pid) ? { pid, host, birth: String(birth) } : "mute";
  } catch (error) {
    return error.code === "ENOENT" ? null : "mute";
  }
}

function age(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

function held(path) {
  const owner = ownerOf(path);
  return owner === "mute" ? age(path) < mute : owner !== null && lives(owner);
}

/**
 * Takes the lock, at once when nobody holds it or its owner is gone.
 * @returns what lets go of it, or null while another process holds it
 * @throws the system's error when the folder cannot be written
 */
export function takeLock(path) {
  const mine = `${path}.${process.pid}`;
  const text = JSON.stringify({ pid: process.pid, host: hostname(), birth: birthOf(process.pid) });
  try {
    writeFileSync(mine, text);
    // Whole from its first moment: nobody sees a lock without its owner.
    if (!linked(mine, path) && !takenOver(mine, path)) {
      return null;
    }
  } finally {
    rmSync(mine, { force: true });
  }
  return () => {
    if (ownerOf(path)?.pid === process.pid) {
      rmSync(path, { force: true });
    }
  };
}

function linked(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") {
      return false;
    }
    throw error;
  }
}

/** Puts this process in the place of one that is gone; a guard keeps two from doing so at once. */
function takenOver(mine, path) {
  const guard = `${path}.guard`;
  if (held(path)) {
    return false;
  }
  if (!linked(mine, guard)) {
    if (age(guard) > mute) {
      rmSync(guard, { force: true });
    }
    return false;
  }
  try {
    if (held(path)) {
      return false;
    }
    // An older Tanren's lock is a folder.
    rmSync(path, { recursive: true, force: true });
    return linked(mine, path);
  } finally {
    rmSync(guard, { force: true });
  }
}
