// A canvas to draw on with a finger.

/** {clear, isEmpty}: strokes of the colour, their width a `share` of the canvas'; clear(base) begins anew on what base(context) draws. */
export function pad(canvas, colour, share) {
  const context = canvas.getContext("2d");
  let empty = true, drawing = false;
  const at = ({ clientX, clientY }) => {
    const { left, top, width: shown } = canvas.getBoundingClientRect(), scale = canvas.width / shown;
    return [(clientX - left) * scale, (clientY - top) * scale];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    drawing = true;
    Object.assign(context, { strokeStyle: colour, lineWidth: canvas.width * share, lineCap: "round", lineJoin: "round" });
    context.beginPath();
    context.moveTo(...at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    empty = false;
    context.lineTo(...at(event));
    context.stroke();
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { drawing = false; });
  return {
    isEmpty: () => empty,
    clear(base) {
      empty = true;
      context.fillStyle = "#fff";
      context.fillRect(0, 0, canvas.width, canvas.height);
      base?.(context);
    },
  };
}

/** What is on the canvas, as a file of this type. */
export function fileOf(canvas, name, type) {
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(new File([blob], name, { type })), type, 0.9));
}
