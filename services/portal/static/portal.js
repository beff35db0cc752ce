// Focus after each change of content; everything works without this file, only less conveniently.
"use strict";

function focusOn(element) {
  if (!element) return;
  if (!element.hasAttribute("tabindex")) element.setAttribute("tabindex", "-1");
  element.focus({preventScroll: false});
}

document.addEventListener("DOMContentLoaded", () => focusOn(document.querySelector("[data-focus]")));
document.addEventListener("htmx:after:swap", () => {
  const wanted = document.querySelector("[data-focus-after]");
  if (wanted && document.activeElement === document.body) focusOn(wanted);
});

// What was asked for and is no page of ours (a refusal, a proxy's page) takes the whole window, as a plain link would:
// put into the page it would leave nothing.
document.addEventListener("htmx:after:request", (event) => {
  const {ctx} = event.detail;
  if (!ctx.select || new DOMParser().parseFromString(ctx.text, "text/html").querySelector(ctx.select)) return;
  event.preventDefault();
  location.assign(ctx.request.action);
});

// An answer that never came, or one that leads to the sign-in: the browser follows it, or says why it cannot.
document.addEventListener("htmx:error", (event) => {
  const {ctx} = event.detail;
  if (ctx && ctx.status !== "swapped" && !ctx.response) location.assign(ctx.request.action);
});

// Who leaves with something typed that was not sent is asked by the browser, once: a link is quickly touched by mistake.
const unsent = new Set(document.querySelectorAll("form[data-unsent]"));
const formOf = (event) => event.target.form || event.target.closest("form");

document.addEventListener("input", (event) => {
  const form = formOf(event);
  if (form && form.method === "post") unsent.add(form);
});
for (const kind of ["submit", "reset"]) document.addEventListener(kind, (event) => unsent.delete(formOf(event)));
window.addEventListener("beforeunload", (event) => {
  for (const form of unsent) if (!form.isConnected) unsent.delete(form);
  if (unsent.size) event.preventDefault();
});
