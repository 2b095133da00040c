// Mounts the microscope in the page over snapshots that the test brings.
import { mount } from "svelte";
import type { Snapshot } from "../../src/core/snapshot.ts";
import Microscope from "../../src/studio/labs/microscope/Microscope.svelte";
import { language } from "../../src/studio/state/language.svelte.ts";
import { Snapshots } from "../../src/studio/state/snapshots.svelte.ts";
import { theme } from "../../src/studio/state/theme.svelte.ts";

class FakeSession {
  readonly snapshots = new Snapshots();
  position = $state<number | null>(null);
  watching = $state(false);
  readonly busy = false;

  watch(on: boolean): void {
    this.watching = on;
  }
}
const session = new FakeSession();

function add(snapshots: readonly Snapshot[]): void {
  for (const snapshot of snapshots) {
    session.snapshots.add(snapshot);
  }
}

function show(): void {
  mount(Microscope, { target: document.querySelector("main")!, props: { session } });
}

async function settled(): Promise<void> {
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

Object.assign(globalThis, { microscope: { add, show, settled, session, language, theme } });
