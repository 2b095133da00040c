import { mount } from "svelte";
import App from "./App.svelte";
import { openStudio } from "./state/open-studio.ts";

const target = document.getElementById("studio")!;
openStudio().then((studio) => {
  target.replaceChildren();
  mount(App, { target, props: { studio } });
});
