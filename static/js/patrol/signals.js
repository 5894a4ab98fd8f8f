// What a hand and an ear can tell without the screen: good news short and high, bad news long and low.

const SHAKES = { good: [60], quiet: [60, 80, 60], warn: [150, 100, 150], bad: [300, 100, 300, 100, 300] };
const TONES = { good: [880], quiet: [520], warn: [520, 440], bad: [240, 240, 240] };
const TONE_S = 0.14, LOUD = 0.2;
let sound;

/** `kind` of a verdict's band. */
export function signal(kind) {
  navigator.vibrate?.(SHAKES[kind]);
  sound ??= globalThis.AudioContext ? new AudioContext() : null;
  if (sound?.state === "running") TONES[kind].forEach((pitch, at) => play(pitch, sound.currentTime + at * 1.5 * TONE_S));
  else sound?.resume().catch(() => {}); // a browser makes no sound before the first tap
}

function play(frequency, from) {
  const tone = new OscillatorNode(sound, { frequency }), volume = new GainNode(sound, { gain: LOUD });
  tone.connect(volume).connect(sound.destination);
  tone.start(from);
  tone.stop(from + TONE_S);
}
