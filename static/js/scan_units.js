// Codes scanned into a field of units, one a line, while the camera runs. Without this script they are typed or pasted.
import { watch } from "./patrol/scanner.js";

for (const field of document.querySelectorAll("textarea[data-scan]")) {
  if (navigator.mediaDevices?.getUserMedia && !field.dataset.offered) offerCamera(field);
}

function offerCamera(field) {
  field.dataset.offered = "yes";
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button second" });
  const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true, className: "scanning", hidden: true });
  const told = document.createElement("p");
  told.setAttribute("role", "status");
  button.textContent = field.dataset.scan;
  field.after(button, video, told);
  let camera = null;
  button.addEventListener("click", async () => {
    button.disabled = true;
    video.hidden = Boolean(camera);
    told.textContent = "";
    try {
      if (camera) camera.stop();
      camera = camera ? null : await watch(video, { onTexts: (texts) => add(field, texts), onStill() {}, onNothing() {} });
    } catch {
      video.hidden = true;
      told.textContent = field.dataset.trouble;
    }
    button.textContent = camera ? field.dataset.stop : field.dataset.scan;
    button.disabled = false;
  });
}

/** What the service proposed is no answer of the person who scans. */
function add(field, texts) {
  if (field.value.trim() === field.dataset.proposed) field.value = "";
  const lines = field.value.split("\n").map((line) => line.trim()).filter(Boolean);
  const news = texts.filter((text) => !lines.includes(text));
  if (!news.length) return;
  field.value = `${[...lines, ...news].join("\n")}\n`;
  navigator.vibrate?.(80);
}
