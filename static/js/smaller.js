// A photo made small before it is sent: a phone's are larger than what anyone looks at, and lines are slow.

const SMALL_BYTES = 2 * 2 ** 20, QUALITY = 0.85;

/** The photo as a JPEG of at most `side` pixels a side; a small one as it is. Throws where this browser cannot open it. */
export async function shrunk(file, side) {
  if (file.size <= SMALL_BYTES) return file;
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const context = canvas.getContext("2d");
  context.fillStyle = "white"; // behind what is transparent
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const content = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  return content && content.size < file.size ? new File([content], `${file.name}.jpg`, { type: "image/jpeg" }) : file;
}
