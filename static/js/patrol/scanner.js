// Reading a QR symbol from the camera or a photo: the browser's own detector, else the vendored decoder.

const FRAME_SIDE = 720, PHOTO_SIDES = [1024, 1800, 640];
let detector, decodeQR;

/** Text of the symbol in what can be drawn (video, image bitmap), or null. `side` is the longest side looked at. */
export async function read(source, width, height, side) {
  const native = await ownDetector();
  if (native) return (await native.detect(source))[0]?.rawValue ?? null;
  decodeQR ??= (await import("/static/vendor/qr/decode.js")).decodeQR;
  const scale = Math.min(1, side / Math.max(width, height));
  const image = draw(source, Math.round(width * scale), Math.round(height * scale));
  try {
    return decodeQR(image);
  } catch {
    return null; // no symbol in this picture
  }
}

/** Text of the symbol in a photo, or null; several sizes, since a large one hides a small symbol's edges in noise. */
export async function readPhoto(file) {
  const bitmap = await createImageBitmap(file);
  try {
    for (const side of PHOTO_SIDES) {
      const text = await read(bitmap, bitmap.width, bitmap.height, side);
      if (text) return text;
    }
    return null;
  } finally {
    bitmap.close();
  }
}

/** The back camera in `video`, calling onText(text) for each symbol read, until stop() of the returned object. */
export async function watch(video, onText) {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } }, audio: false,
  });
  video.srcObject = stream;
  await video.play();
  let running = true;
  const [track] = stream.getVideoTracks();
  (async () => {
    while (running) {
      const text = video.videoWidth && await read(video, video.videoWidth, video.videoHeight, FRAME_SIDE);
      if (text && running) await onText(text);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  })();
  return {
    stop() {
      running = false;
      stream.getTracks().forEach((each) => each.stop());
    },
    hasTorch: Boolean(track.getCapabilities?.().torch),
    light: (torch) => track.applyConstraints({ advanced: [{ torch }] }),
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
  context.drawImage(source, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}
