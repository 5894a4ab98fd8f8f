// On the inspector's ordinary pages: their sign-out button wipes the patrol's pack as the app's own does.

import { leave } from "./leave.js";

for (const form of document.querySelectorAll("form[action$='/sign-in/out']")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { unsent } = document.querySelector("script[data-unsent]").dataset;
    if (await leave(unsent)) form.submit();
  });
}
