/** Sounds of scanning: one short high tone for good, two low ones for wrong. */
let context;

function tone(frequency, start, length) {
    const oscillator = context.createOscillator();
    const volume = context.createGain();
    oscillator.frequency.value = frequency;
    volume.gain.value = 0.2;
    oscillator.connect(volume).connect(context.destination);
    oscillator.start(context.currentTime + start);
    oscillator.stop(context.currentTime + start + length);
}

export function beep(good) {
    const AudioContext = window.AudioContext || window.webkitAudioContext;
    if (!AudioContext) {
        return;
    }
    context = context || new AudioContext();
    if (good) {
        tone(1320, 0, 0.08);
    } else {
        tone(220, 0, 0.18);
        tone(180, 0.25, 0.3);
    }
}
