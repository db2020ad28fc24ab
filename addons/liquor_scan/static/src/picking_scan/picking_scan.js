import { Component, onMounted, onWillStart, useExternalListener, useRef, useState } from "@odoo/owl";
import { BarcodeVideoScanner, isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { beep } from "./beep";

const LOG_LENGTH = 50;
const PAUSE_OF_CAMERA = 1200;

/**
 * Scanning for one transfer or count: a field that keeps the focus, expected against scanned per product, colours and
 * sounds. A wedge scanner types a code and Enter. Codes go through the queue, which outlives network and reload.
 */
export class PickingScan extends Component {
    static template = "liquor_scan.PickingScan";
    static components = { BarcodeVideoScanner };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.queue = useService("liquor_scan.queue");
        this.network = useState(this.queue.state);
        this.field = useRef("code");
        this.list = useRef("paste");
        const { model, res_id } = this.props.action.params;
        this.target = this.queue.target(model, res_id);
        this.canUseCamera = isBarcodeScannerSupported();
        this.pauseOfCamera = PAUSE_OF_CAMERA;
        this.state = useState({
            name: "",
            partner: "",
            kind: "",
            open: true,
            lines: [],
            log: [],
            wrong: 0,
            waiting: [],
            refused: "",
            verdict: null,
            pasting: false,
            pasted: "",
            camera: false,
            keyboard: false,
        });
        useBus(this.queue.bus, "ANSWERED", ({ detail }) => this.onAnswered(detail));
        useBus(this.queue.bus, "CHANGED", () => this.showQueue());
        useBus(this.queue.bus, "UNCHECKED", ({ detail }) => detail.target === this.target && this.showKept());
        useExternalListener(document, "keydown", (ev) => this.catchScanner(ev), { capture: true });
        onWillStart(async () => {
            this.show(await this.orm.call(model, "liquor_scan_state", [[res_id]]));
            this.showQueue();
        });
        onMounted(() => {
            this.focus();
            this.queue.send(this.target);
        });
    }

    get complete() {
        const { lines } = this.state;
        return lines.length && lines.every((line) => line.scanned === line.expected) && !this.state.waiting.length;
    }

    /** Missing, full, too much: the colour of a line. */
    colour(line) {
        if (line.scanned === line.expected) {
            return "table-success";
        }
        return line.scanned > line.expected ? "table-danger" : line.scanned ? "table-warning" : "";
    }

    show({ name, partner, kind, open, lines, wrong, last }) {
        Object.assign(this.state, { name, partner, kind, open, lines, wrong });
        this.state.log = last.slice(0, LOG_LENGTH);
    }

    showQueue() {
        this.state.waiting = this.target.events.map(({ id, code, undo_of }) => ({ id, code, undo: Boolean(undo_of) }));
        this.state.refused = this.target.refused;
    }

    // --- the field -------------------------------------------------------------------------------------------

    focus() {
        if (!this.state.pasting && this.field.el) {
            this.field.el.focus();
        }
    }

    /** The focus returns by itself when it went nowhere; who tabs to a button keeps it there. */
    onBlur() {
        browser.setTimeout(() => {
            if (!document.activeElement || document.activeElement === document.body) {
                this.focus();
            }
        }, 150);
    }

    /** A scanner types wherever the focus is: its first character brings the field back, and Enter presses no button. */
    catchScanner(ev) {
        const plain = ev.key.length === 1 && ev.key !== " " && !ev.ctrlKey && !ev.altKey && !ev.metaKey;
        if (plain && !["INPUT", "TEXTAREA", "SELECT"].includes(ev.target.tagName) && !ev.target.isContentEditable) {
            this.focus();
        }
    }

    onKeydown(ev) {
        const code = ev.target.value.trim();
        if (ev.key !== "Enter" && !(ev.key === "Tab" && code)) {
            return;
        }
        ev.preventDefault();
        ev.target.value = "";
        if (code) {
            this.enqueue([code]);
        }
    }

    onPaste(ev) {
        const codes = this.split(ev.clipboardData.getData("text"));
        if (codes.length > 1) {
            ev.preventDefault();
            this.enqueue(codes);
        }
    }

    toggleKeyboard() {
        this.state.keyboard = !this.state.keyboard;
        browser.setTimeout(() => this.focus());
    }

    // --- sending and answers ---------------------------------------------------------------------------------

    enqueue(codes) {
        this.queue.push(
            this.target,
            codes.map((code) => ({ code }))
        );
        if (this.network.offline || this.target.failing) {
            this.showKept();
        }
    }

    /** What was scanned last is not checked: the answer to an earlier code must not stand there for it. */
    showKept() {
        const last = this.target.events.findLast((event) => event.code);
        if (!last) {
            return;
        }
        this.state.verdict = {
            kind: "warning",
            text:
                this.state.kind === "count" || !this.network.offline
                    ? _t("Kept on this device, not checked yet.")
                    : _t("Kept on this device, not checked yet. Do not load it before the network is back."),
            code: last.code,
        };
    }

    onAnswered({ target, answers, state }) {
        if (target !== this.target) {
            return;
        }
        this.show(state);
        this.showQueue();
        const scans = answers.filter((answer) => answer.kind === "scan");
        const wrong = scans.filter((answer) => !answer.ok);
        const shown = wrong.at(-1) || scans.at(-1);
        if (!shown) {
            this.state.verdict = { kind: "success", text: _t("The last unit was taken back."), code: "" };
            return;
        }
        beep(!wrong.length);
        if (wrong.length && browser.navigator.vibrate) {
            browser.navigator.vibrate([200, 80, 200]);
        }
        this.state.verdict = {
            kind: shown.ok ? "success" : "danger",
            text: shown.ok
                ? _t("%(product)s, %(bottles)s bottles", { product: shown.product, bottles: shown.bottles })
                : shown.message,
            code: shown.code,
        };
    }

    /** The last scan: forgotten where it has not left this device yet, else taken back by the server. */
    undo() {
        const { events, sending } = this.target;
        const last = events.at(-1);
        if (last?.code && events.length > sending) {
            this.queue.drop(this.target, [last]);
            this.state.verdict = { kind: "success", text: _t("The last unit was taken back."), code: last.code };
        } else {
            const undone = new Set(events.map((event) => event.undo_of));
            const sent = events.filter((event) => event.code).map((event) => event.id).reverse();
            const known = this.state.log.filter((line) => line.ok).map((line) => line.id);
            const id = [...sent, ...known].find((one) => !undone.has(one));
            if (id) {
                this.queue.push(this.target, [{ undo_of: id }]);
            }
        }
        this.focus();
    }

    retry() {
        this.queue.send(this.target);
        this.focus();
    }

    // --- other ways in ---------------------------------------------------------------------------------------

    split(text) {
        return text.split(/[\s,;]+/).filter(Boolean);
    }

    togglePaste() {
        this.state.pasting = !this.state.pasting;
        browser.setTimeout(() => (this.list.el ? this.list.el.focus() : this.focus()));
    }

    sendPasted() {
        const codes = this.split(this.state.pasted);
        this.state.pasted = "";
        this.state.pasting = false;
        if (codes.length) {
            this.enqueue(codes);
        }
        browser.setTimeout(() => this.focus());
    }

    toggleCamera() {
        this.state.camera = !this.state.camera;
        browser.setTimeout(() => this.focus());
    }

    onCameraResult(code) {
        this.enqueue([code]);
    }

    onCameraError(error) {
        this.state.camera = false;
        this.notification.add(error.message, { type: "warning" });
    }

    close() {
        this.action.doAction({ type: "ir.actions.act_window_close" });
    }
}

registry.category("actions").add("liquor_scan.picking_scan", PickingScan);
