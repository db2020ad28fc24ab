import { Component, onMounted, onWillStart, onWillUnmount, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { beep } from "./beep";

const RETRY = 3000;

/**
 * Scanning for one delivery: a field that keeps the focus, expected against scanned per product, colours and sounds.
 * A wedge scanner types a code and Enter. Codes wait in a queue that outlives a lost connection and a reload.
 */
export class PickingScan extends Component {
    static template = "liquor_scan.PickingScan";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.field = useRef("code");
        this.pickingId = this.props.action.params.picking_id;
        this.storageKey = `liquor_scan.picking.${this.pickingId}`;
        this.state = useState({
            name: "",
            partner: "",
            lines: [],
            log: [],
            verdict: null,
            pasting: false,
            pasted: "",
            waiting: this.readQueue().length,
            offline: false,
        });
        this.busy = false;
        onWillStart(async () => this.show(await this.orm.call("stock.picking", "liquor_scan_state", [[this.pickingId]])));
        onMounted(() => {
            this.focus();
            this.send();
        });
        onWillUnmount(() => browser.clearTimeout(this.timer));
    }

    get complete() {
        return this.state.lines.length && this.state.lines.every((line) => line.scanned >= line.expected);
    }

    readQueue() {
        try {
            return JSON.parse(browser.localStorage.getItem(this.storageKey)) || [];
        } catch {
            return [];
        }
    }

    writeQueue(queue) {
        browser.localStorage.setItem(this.storageKey, JSON.stringify(queue));
        this.state.waiting = queue.length;
    }

    show(state) {
        Object.assign(this.state, { name: state.name, partner: state.partner, lines: state.lines });
        if (!this.state.log.length) {
            this.state.log = state.last.map((scan) => ({ ...scan, key: `s${scan.id}`, ok: true, message: scan.lot }));
        }
    }

    focus() {
        if (!this.state.pasting && this.field.el) {
            this.field.el.focus();
        }
    }

    onBlur() {
        browser.setTimeout(() => this.focus(), 150);
    }

    onKeydown(ev) {
        if (ev.key !== "Enter" && ev.key !== "Tab") {
            return;
        }
        ev.preventDefault();
        const code = ev.target.value.trim();
        ev.target.value = "";
        if (code) {
            this.enqueue([code]);
        }
    }

    enqueue(codes) {
        this.writeQueue([...this.readQueue(), ...codes]);
        this.send();
    }

    async send() {
        const queue = this.readQueue();
        if (this.busy || !queue.length) {
            return;
        }
        this.busy = true;
        const codes = queue.slice(0, 200);
        try {
            const result = await this.orm.silent.call("stock.picking", "liquor_scan", [[this.pickingId], codes]);
            this.writeQueue(this.readQueue().slice(codes.length));
            this.state.offline = false;
            this.report(result.answers);
            this.show(result.state);
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                this.writeQueue(this.readQueue().slice(codes.length));
                throw error;
            }
            this.state.offline = true;
            this.timer = browser.setTimeout(() => this.send(), RETRY);
        } finally {
            this.busy = false;
        }
        if (!this.state.offline) {
            this.send();
        }
    }

    report(answers) {
        const wrong = answers.filter((answer) => !answer.ok);
        beep(!wrong.length);
        const shown = wrong[0] || answers[answers.length - 1];
        this.state.verdict = shown && {
            ok: shown.ok,
            text: shown.ok
                ? _t("%(product)s, %(bottles)s bottles", { product: shown.product, bottles: shown.bottles })
                : shown.message,
            code: shown.code,
        };
        this.counter = this.counter || 0;
        const lines = answers.map((answer) => ({ ...answer, key: `a${this.counter++}` })).reverse();
        this.state.log = [...lines, ...this.state.log].slice(0, 50);
    }

    async undo() {
        this.show(await this.orm.call("stock.picking", "liquor_scan_undo", [[this.pickingId]]));
        this.state.verdict = { ok: true, text: _t("The last unit was taken back."), code: "" };
        const index = this.state.log.findIndex((line) => line.ok);
        if (index >= 0) {
            this.state.log.splice(index, 1);
        }
        this.focus();
    }

    togglePaste() {
        this.state.pasting = !this.state.pasting;
        browser.setTimeout(() => this.focus());
    }

    sendPasted() {
        const codes = this.state.pasted.split(/[\s,;]+/).filter(Boolean);
        this.state.pasted = "";
        this.state.pasting = false;
        this.enqueue(codes);
        this.focus();
    }

    close() {
        this.action.doAction({ type: "ir.actions.act_window_close" });
    }
}

registry.category("actions").add("liquor_scan.picking_scan", PickingScan);
