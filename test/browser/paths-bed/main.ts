// The paths lab without the rest of the studio: what its tests drive.
import { flushSync, mount } from "svelte";
import { optimizerPaths } from "../../../src/experiments/ch06/optimizer-paths.ts";
import { language } from "../../../src/studio/state/language.svelte.ts";
import { Session } from "../../../src/studio/state/session.svelte.ts";
import { theme } from "../../../src/studio/state/theme.svelte.ts";
import Bed from "./Bed.svelte";

const session = new Session(optimizerPaths, {} as ConstructorParameters<typeof Session>[1]);
mount(Bed, { target: document.getElementById("lab")!, props: { session } });
Object.assign(globalThis, { lab: { session, language, theme, flushSync } });
