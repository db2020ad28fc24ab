/* Scanning on a phone. Every scan goes into a list in localStorage first, with an id of its own, and leaves the list
   when the server answered: what was scanned without a connection survives closing the browser, and sending it twice
   does nothing twice. */
(function () {
    "use strict";

    const root = document.getElementById("scan");
    const text = root.dataset;
    const log = document.getElementById("log");
    const message = document.getElementById("message");
    const KEPT = 200;
    const BATCH = 50;
    const UNDO_MS = 10 * 60 * 1000;
    let mode = "";
    let sending = false;
    let stream = null;
    let timer = 0;
    let audio = null;

    // --- the list ------------------------------------------------------------------------------------------

    function load() {
        try {
            return JSON.parse(localStorage.getItem(text.storage)) || [];
        } catch {
            return [];
        }
    }

    function save(list) {
        const open = list.filter((entry) => !entry.answer);
        const done = list.filter((entry) => entry.answer).slice(-KEPT);
        const kept = new Set([...open, ...done]);
        localStorage.setItem(text.storage, JSON.stringify(list.filter((entry) => kept.has(entry))));
        draw();
    }

    function newId() {
        const bytes = crypto.getRandomValues(new Uint8Array(12));
        return "p-" + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    }

    function recent(entry) {
        return Date.now() - Date.parse(entry.event.at) < UNDO_MS;
    }

    function live(entry, code) {
        const status = entry.answer && entry.answer.status;
        const same = entry.event.type === mode && (mode !== "count" || entry.event.reference === text.count);
        return entry.event.code === code && same && !entry.undone && status !== "rejected";
    }

    function plain(code) {
        return code.trim().replace(/^.*\/b\//i, "").toUpperCase();
    }

    function add(code) {
        code = plain(code);
        if (!code) {
            return;
        }
        const list = load();
        if (list.some((entry) => live(entry, code) && recent(entry))) {
            say("wait", text.textAgain);
            beep(false);
            return;
        }
        const event = { id: newId(), type: mode, code: code, at: new Date().toISOString() };
        const receiver = document.querySelector("#receiver select");
        let to = "";
        if (mode === "ship") {
            if (!receiver || !receiver.value) {
                say("bad", text.textReceiver);
                return;
            }
            event.to = receiver.value;
            to = receiver.selectedOptions[0].textContent;
        }
        if (mode === "count") {
            event.reference = text.count;
        }
        if (add.place) {
            Object.assign(event, add.place);
        }
        list.push({ event: event, to: to });
        save(list);
        send();
    }

    function undo(id) {
        const list = load();
        const event = { id: newId(), type: "void", undo_of: id, at: new Date().toISOString() };
        list.push({ event: event });
        save(list);
        send();
    }

    // --- to the server ---------------------------------------------------------------------------------------

    async function send() {
        const open = load().filter((entry) => !entry.answer);
        if (sending || !open.length) {
            return;
        }
        sending = true;
        clearTimeout(timer);
        let again = false;
        try {
            const events = open.slice(0, BATCH).map((entry) => entry.event);
            again = await post(events);
        } catch {
            say("wait", text.textOffline);
            timer = setTimeout(send, 5000);
        } finally {
            sending = false;
        }
        if (again) {
            send();
        }
    }

    async function post(events) {
        const response = await fetch(text.url, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ jsonrpc: "2.0", method: "call", params: { events: events, token: text.token } }),
        });
        const body = await response.json();
        const result = body.result;
        if (!result || result.error) {
            say("bad", (result && result.error) || text.textLogin);
            return false;
        }
        const byId = new Map(result.answers.map((answer) => [answer.id, answer]));
        const list = load();
        for (const entry of list) {
            if (!entry.answer && byId.has(entry.event.id)) {
                entry.answer = byId.get(entry.event.id);
                settle(entry, list);
            }
        }
        save(list);
        return true;
    }

    function settle(entry, list) {
        const answer = entry.answer;
        if (entry.event.type === "void" && answer.status === "accepted") {
            const target = list.find((other) => other.event.id === entry.event.undo_of);
            if (target) {
                target.undone = true;
            }
        }
        const state = { accepted: "ok", held: "wait", rejected: "bad" }[answer.status];
        say(state, answer.message || money(answer) || entry.event.code);
        beep(answer.status === "accepted");
    }

    // --- what is seen ----------------------------------------------------------------------------------------

    function money(answer) {
        const sum = (answer.rewards || []).reduce((total, reward) => total + Number(reward.amount), 0);
        return sum ? "+¥" + sum.toFixed(2) : "";
    }

    function say(state, words) {
        message.className = state;
        message.textContent = words;
    }

    function element(tag, name, words) {
        const node = document.createElement(tag);
        node.className = name;
        node.textContent = words || "";
        return node;
    }

    function line(entry) {
        const answer = entry.answer;
        const state = !answer ? "wait" : { accepted: "ok", held: "wait", rejected: "bad" }[answer.status];
        const item = element("li", entry.undone ? "wait" : state);
        item.append(element("span", "code", entry.to ? entry.event.code + " → " + entry.to : entry.event.code));
        item.append(element("span", "money", answer && !entry.undone ? money(answer) : ""));
        const words = !answer ? text.textSending : entry.undone ? text.textUndone : answer.message || "✔";
        item.append(element("span", "what", words));
        if (answer && answer.status === "accepted" && !entry.undone && recent(entry)
            && ["receive", "ship", "unpack", "transfer", "count"].includes(entry.event.type)) {
            const button = element("button", "", text.textUndo);
            button.type = "button";
            button.addEventListener("click", () => undo(entry.event.id));
            item.append(button);
        }
        return item;
    }

    function draw() {
        const list = load();
        const shown = list.filter((entry) => entry.event.type !== "void").slice(-50).reverse();
        log.replaceChildren(...shown.map(line));
        const waiting = document.getElementById("waiting");
        const open = list.filter((entry) => !entry.answer).length;
        waiting.hidden = !open;
        waiting.textContent = open + " " + text.textWaiting;
        const today = new Date().toDateString();
        const sum = list
            .filter((entry) => entry.answer && !entry.undone && new Date(entry.event.at).toDateString() === today)
            .flatMap((entry) => entry.answer.rewards || [])
            .reduce((total, reward) => total + Number(reward.amount), 0);
        document.getElementById("total").textContent = sum ? "+¥" + sum.toFixed(2) : "";
    }

    function beep(good) {
        const Context = window.AudioContext || window.webkitAudioContext;
        if (navigator.vibrate) {
            navigator.vibrate(good ? 40 : [80, 60, 80]);
        }
        if (!Context) {
            return;
        }
        audio = audio || new Context();
        const tone = audio.createOscillator();
        tone.frequency.value = good ? 1320 : 220;
        tone.connect(audio.destination);
        tone.start();
        tone.stop(audio.currentTime + (good ? 0.08 : 0.25));
    }

    // --- camera ----------------------------------------------------------------------------------------------

    async function detector() {
        if ("BarcodeDetector" in window) {
            return new window.BarcodeDetector({ formats: ["qr_code", "data_matrix", "code_128"] });
        }
        await new Promise((resolve, reject) => {
            const script = document.createElement("script");
            script.src = "/web/static/lib/zxing-library/zxing-library.js";
            script.onload = resolve;
            script.onerror = reject;
            document.head.append(script);
        });
        const reader = new window.ZXing.BrowserMultiFormatReader();
        return {
            detect: async (video) => {
                try {
                    return [{ rawValue: reader.decode(video).getText() }];
                } catch {
                    return [];
                }
            },
        };
    }

    async function start() {
        if (stream) {
            stop();
            return;
        }
        try {
            stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
            const video = document.querySelector("#camera video");
            video.srcObject = stream;
            document.getElementById("camera").hidden = false;
            await video.play();
            offerTorch();
            watch(video, await detector());
        } catch {
            stop();
            say("wait", text.textCamera);
        }
    }

    function stop() {
        if (stream) {
            stream.getTracks().forEach((track) => track.stop());
        }
        stream = null;
        document.getElementById("camera").hidden = true;
    }

    function offerTorch() {
        const [track] = stream.getVideoTracks();
        const torch = document.getElementById("torch");
        const able = track.getCapabilities && track.getCapabilities().torch;
        torch.hidden = !able;
        let on = false;
        torch.onclick = () => {
            on = !on;
            track.applyConstraints({ advanced: [{ torch: on }] });
        };
    }

    async function watch(video, reader) {
        let last = "";
        let seen = 0;
        while (stream) {
            const [found] = await reader.detect(video).catch(() => []);
            // the same code in view is one scan until it was out of view for two seconds
            if (found && (found.rawValue !== last || Date.now() - seen > 2000)) {
                add(found.rawValue);
            }
            if (found) {
                last = found.rawValue;
                seen = Date.now();
            }
            await new Promise((resolve) => setTimeout(resolve, 150));
        }
    }

    function locate() {
        if (!navigator.geolocation) {
            return;
        }
        navigator.geolocation.watchPosition(
            (position) => {
                add.place = {
                    lat: position.coords.latitude,
                    lon: position.coords.longitude,
                    accuracy: Math.round(position.coords.accuracy),
                };
            },
            () => {},
            { maximumAge: 60000, timeout: 10000 }
        );
    }

    // --- start -----------------------------------------------------------------------------------------------

    function choose(button) {
        mode = button.dataset.mode;
        for (const other of document.querySelectorAll("nav button")) {
            other.setAttribute("aria-selected", String(other === button));
        }
        const receiver = document.getElementById("receiver");
        if (receiver) {
            receiver.hidden = mode !== "ship";
        }
    }

    for (const button of document.querySelectorAll("nav button")) {
        button.addEventListener("click", () => choose(button));
    }
    document.getElementById("start").addEventListener("click", start);
    document.getElementById("manual").addEventListener("submit", (event) => {
        event.preventDefault();
        add(event.target.code.value);
        event.target.reset();
    });
    window.addEventListener("online", send);
    choose(document.querySelector("nav button"));
    locate();
    draw();
    send();
})();
