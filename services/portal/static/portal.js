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
