// The photos of a report are made small before they are sent.
import { shrunk } from "./smaller.js";

const SIDE = 2500;
const photos = document.getElementById("photos");

photos.addEventListener("change", async () => {
  const chosen = [...photos.files];
  try {
    const small = await Promise.all(chosen.map((file) => shrunk(file, SIDE)));
    const kept = new DataTransfer();
    small.forEach((file) => kept.items.add(file));
    if (chosen.every((file, place) => file === photos.files[place])) photos.files = kept.files;
  } catch {
    // what this browser cannot open is sent as it is
  }
});
