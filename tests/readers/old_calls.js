// Calls of another day: the check of the scripts must see that each is wrong, else it says that nothing is expected here.
// @ts-expect-error no such export
import { gone } from "/static/js/patrol/scan_screen.js";
import { found } from "/static/js/patrol/scan_screen.js";
import { watch } from "/static/js/patrol/scanner.js";

const video = document.createElement("video");
// @ts-expect-error what it calls has names
watch(video, (texts) => texts);
// @ts-expect-error one text at a time
found("a", {}, "b");
