// Where the phone is: the best fix of some seconds, since the first one is often the mast's, kilometres away.

const PATIENCE_MS = 15_000, GOOD_ENOUGH_M = 30;
let watching = null;

/** Calls onBetter({latitude_e6, longitude_e6, accuracy_m}) with each fix that is better than those before, and onEnd()
    when no better one is waited for. */
export function watchPlace(onBetter, onEnd) {
  stopWatching();
  let best = Infinity;
  const end = () => {
    stopWatching();
    onEnd();
  };
  const take = ({ coords: { latitude, longitude, accuracy } }) => {
    if (accuracy >= best) return;
    best = accuracy;
    const e6 = (degrees) => Math.round(degrees * 1e6);
    onBetter({ latitude_e6: e6(latitude), longitude_e6: e6(longitude), accuracy_m: Math.round(accuracy) });
    if (accuracy <= GOOD_ENOUGH_M) end();
  };
  const id = navigator.geolocation.watchPosition(take, end, { enableHighAccuracy: true, timeout: PATIENCE_MS });
  watching = { id, timer: setTimeout(end, PATIENCE_MS) };
}

export const isWatching = () => watching !== null;

export function stopWatching() {
  if (!watching) return;
  navigator.geolocation.clearWatch(watching.id);
  clearTimeout(watching.timer);
  watching = null;
}
