// On the inspector's ordinary pages: their sign-out button hands the patrol's phone over as the app's own does, and who
// signed out in the app without network is signed out here.

import { endSession, hasLeft, leave } from "./handover.js";

for (const form of document.querySelectorAll("form[action$='/sign-in/out']")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { unsent } = document.querySelector("script[data-unsent]").dataset;
    if (await leave(unsent)) form.submit();
  });
}

if (await hasLeft() && await endSession() === "ended") location.reload();
