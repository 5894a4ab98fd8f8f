// Reading QR symbols from the camera or a photo: the browser's own detector, else the vendored decoder.

import { lookAgain, newIn } from "./in_view.js";

const FRAME_SIDE = 720, PHOTO_SIDES = [1024, 1800, 640], HINT_MS = 3000;
let detector, decodeQRBatch;

/** Texts of the symbols in what can be drawn (video, image bitmap). `side` is the longest side looked at. */
export async function read(source, width, height, side) {
  const native = await ownDetector();
  if (native) return [...new Set((await native.detect(source)).map((found) => found.rawValue))];
  decodeQRBatch ??= (await import("/static/vendor/qr/decode.js")).decodeQRBatch;
  const scale = Math.min(1, side / Math.max(width, height));
  const image = draw(source, Math.round(width * scale), Math.round(height * scale));
  const [found] = await decodeQRBatch([image], { maxSize: { width: image.width, height: image.height } });
  return [...new Set(found.filter((text) => typeof text === "string"))]; // after the last one stands an error
}

/** Texts of all symbols in a photo; several sizes, since a large one hides a small symbol's edges in noise, until one
    that isEnough(text) has been read. */
export async function readPhoto(file, isEnough) {
  const bitmap = await createImageBitmap(file), texts = new Set();
  try {
    for (const side of PHOTO_SIDES) {
      for (const text of await read(bitmap, bitmap.width, bitmap.height, side)) texts.add(text);
      if ([...texts].some(isEnough)) break;
    }
    return [...texts];
  } finally {
    bitmap.close();
  }
}

/** The back camera in `video` until stop() of the returned object. onTexts(texts) is called for what comes into view,
    onStill(texts) while only what was there before is, onNothing() after 3 s without a symbol. */
export async function watch(video, { onTexts, onStill, onNothing }) {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } }, audio: false,
  });
  video.srcObject = stream;
  await video.play();
  let running = true;
  const [track] = stream.getVideoTracks();
  (async () => {
    let seenAt = performance.now();
    lookAgain(seenAt);
    while (running) {
      const texts = video.videoWidth ? await read(video, video.videoWidth, video.videoHeight, FRAME_SIDE) : [];
      if (!running) return;
      const now = performance.now(), news = newIn(texts, now);
      if (texts.length) seenAt = now;
      if (news.length) await onTexts(news);
      else if (texts.length) onStill(texts);
      else if (now - seenAt > HINT_MS) onNothing();
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  })();
  return {
    stop() {
      running = false;
      stream.getTracks().forEach((each) => each.stop());
    },
    hasTorch: Boolean(track.getCapabilities?.().torch),
    light: (torch) => track.applyConstraints(/** @type {any} */ ({ advanced: [{ torch }] })),
  };
}

async function ownDetector() {
  if (detector === undefined) {
    const formats = await globalThis.BarcodeDetector?.getSupportedFormats?.().catch(() => []) ?? [];
    detector = formats.includes("qr_code") ? new globalThis.BarcodeDetector({ formats: ["qr_code"] }) : null;
  }
  return detector;
}

let canvas;

function draw(source, width, height) {
  canvas ??= document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "white"; // behind what is transparent
  context.fillRect(0, 0, width, height);
  context.drawImage(source, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}
