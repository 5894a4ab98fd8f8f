// Photos are made small before they are sent: a phone's are larger than what anyone looks at, and lines are slow.

const SIDE = 2500, SMALL_BYTES = 2 * 2 ** 20, QUALITY = 0.85;
const photos = document.getElementById("photos");

photos.addEventListener("change", async () => {
  const chosen = [...photos.files];
  try {
    const small = await Promise.all(chosen.map(shrunk));
    const kept = new DataTransfer();
    small.forEach((file) => kept.items.add(file));
    if (chosen.every((file, place) => file === photos.files[place])) photos.files = kept.files;
  } catch {
    // what this browser cannot open is sent as it is
  }
});

async function shrunk(file) {
  if (file.size <= SMALL_BYTES) return file;
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const content = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  return content && content.size < file.size ? new File([content], `${file.name}.jpg`, { type: "image/jpeg" }) : file;
}
