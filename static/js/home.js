// A photo of a label is read in the browser where that works; otherwise the form sends it to the server.
import { readPhoto } from "./patrol/scanner.js";

const photo = document.getElementById("photo");
const code = document.getElementById("code");

photo.addEventListener("change", async () => {
  if (!photo.files.length) return;
  try {
    const text = await readPhoto(photo.files[0]);
    if (!text) return;
    code.value = text;
    code.form.submit();
  } catch {
    // a picture that this browser cannot open: the button sends it
  }
});
