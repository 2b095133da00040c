import type { Task } from "./experiment.ts";

type Sharable = Pick<Task, "group" | "bytes">;

/** Tasks, by number, that train at the same time: one list a worker, whose tasks take turns there. */
export type Gang = readonly (readonly number[])[];

/** At most so many tasks of a group are under way together: each has a network in memory. */
const mostTogether = 32;
/** Tasks that would take more together run one after the other. */
const mostBytes = 2 ** 31;

/**
 * Shares tasks out among workers. Tasks of one group come along together. While there are groups enough for all workers,
 * a worker takes a whole group: its tasks take turns without waiting for anybody. The groups left over are spread over
 * several workers each.
 */
export function gangsOf(tasks: readonly Sharable[], workers: number): Gang[] {
  const groups = groupsOf(tasks);
  const alone = groups.length - (groups.length % workers);
  const left = groups.length - alone;
  return groups.map((members, i): Gang => {
    if (i < alone) {
      return [members];
    }
    const share = Math.floor(workers / left) + (i - alone < workers % left ? 1 : 0);
    return spread(members, Math.min(share, members.length));
  });
}

/** The numbers of the tasks of each group, in the order of their first; a task without a group is one of its own. */
function groupsOf(tasks: readonly Sharable[]): number[][] {
  const groups = new Map<unknown, number[]>();
  tasks.forEach(({ group }, i) => {
    const key = group ?? { alone: i };
    const known = groups.get(key);
    if (known === undefined) {
      groups.set(key, [i]);
    } else {
      known.push(i);
    }
  });
  return [...groups.values()].flatMap((members) => {
    const bytes = members.reduce((sum, i) => sum + (tasks[i].bytes ?? 0), 0);
    const together = bytes > mostBytes ? 1 : mostTogether;
    return Array.from({ length: Math.ceil(members.length / together) }, (_, i) =>
      members.slice(i * together, (i + 1) * together),
    );
  });
}

function spread(members: readonly number[], workers: number): number[][] {
  const lists = Array.from({ length: workers }, (): number[] => []);
  members.forEach((member, i) => {
    lists[i % workers].push(member);
  });
  return lists;
}
