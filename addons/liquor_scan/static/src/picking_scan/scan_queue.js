import { EventBus, reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";

const PREFIX = "liquor_scan.queue";
const AT_ONCE = 200;
const RETRY = 3000;
const RETRY_REFUSED = 30000;
const PATIENCE = 30000;

/**
 * Codes on their way to the server. Each event has its own number and its own row in the browser's storage: it is
 * written before anything else is done with it and goes when it was answered, so a reload, a crash or a second tab
 * loses nothing. What is sent twice has the same number and is done once.
 */
export class ScanQueue {
    constructor(orm) {
        this.orm = orm;
        this.bus = new EventBus();
        this.count = 0;
        this.state = reactive({ waiting: 0, offline: false });
        this.targets = new Map();
        this.readStorage();
        browser.addEventListener("online", () => this.sendAll());
    }

    /** What is known of one document: events that wait, whether they are under way, and whether and why they were not taken. */
    target(model, id) {
        const name = `${model},${id}`;
        if (!this.targets.has(name)) {
            this.targets.set(name, { name, model, id, events: [], sending: 0, refused: "", failing: false });
        }
        return this.targets.get(name);
    }

    /** Rows of the person who is logged in; those of others wait for them. */
    readStorage() {
        const own = `${PREFIX}|${user.userId}|`;
        const found = [];
        for (let index = 0; index < browser.localStorage.length; index++) {
            const key = browser.localStorage.key(index);
            if (key.startsWith(own)) {
                found.push(key);
            }
        }
        for (const key of found.sort()) {
            const [, , , name] = key.split("|");
            const [model, id] = name.split(",");
            this.target(model, Number(id)).events.push({ ...JSON.parse(browser.localStorage.getItem(key)), key });
        }
        this.show();
    }

    show() {
        this.state.waiting = [...this.targets.values()].reduce((sum, target) => sum + target.events.length, 0);
        this.bus.trigger("CHANGED");
    }

    push(target, bodies) {
        for (const body of bodies) {
            const order = `${Date.now()}`.padStart(15, "0") + `${this.count++}`.padStart(7, "0");
            const event = { id: this.newId(), ...body };
            const key = `${PREFIX}|${user.userId}|${order}|${target.name}|${event.id}`;
            this.store(target, key, event);
            target.events.push({ ...event, key });
        }
        this.show();
        this.send(target);
    }

    /** A device whose storage is full goes on in memory and says so. */
    store(target, key, event) {
        try {
            browser.localStorage.setItem(key, JSON.stringify(event));
        } catch {
            target.refused = _t("The storage of this device is full: do not close this page before all was sent.");
        }
    }

    /** Random, so that two devices never choose the same; crypto.randomUUID needs https, depots have plain http. */
    newId() {
        const parts = window.crypto.getRandomValues(new Uint32Array(4));
        return [...parts].map((part) => part.toString(16).padStart(8, "0")).join("");
    }

    drop(target, events) {
        for (const event of events) {
            browser.localStorage.removeItem(event.key);
        }
        const gone = new Set(events.map((event) => event.id));
        target.events = target.events.filter((event) => !gone.has(event.id));
        this.show();
    }

    sendAll() {
        for (const target of this.targets.values()) {
            this.send(target);
        }
    }

    async send(target) {
        browser.clearTimeout(target.timer);
        while (!target.sending && target.events.length) {
            const events = target.events.slice(0, AT_ONCE);
            target.sending = events.length;
            try {
                const result = await this.post(target, events);
                this.state.offline = false;
                target.refused = "";
                target.failing = false;
                this.drop(target, events);
                this.bus.trigger("ANSWERED", { target, ...result });
            } catch (error) {
                this.fail(target, error);
                return;
            } finally {
                target.sending = 0;
            }
        }
    }

    /** One call; a network that swallows it counts as gone after half a minute. */
    async post(target, events) {
        const body = events.map(({ id, code, undo_of }) => (undo_of ? { id, undo_of } : { id, code }));
        const call = this.orm.silent.call(target.model, "liquor_scan_take", [[target.id], body]);
        const timer = browser.setTimeout(() => call.abort(), PATIENCE);
        try {
            return await call;
        } finally {
            browser.clearTimeout(timer);
        }
    }

    /** Nothing is dropped: without network or beside a colleague it is sent again soon, what was refused as a whole later. */
    fail(target, error) {
        const busy = error.data?.name?.startsWith("psycopg2");
        const refused = error instanceof RPCError && !busy;
        this.state.offline = !refused && !busy;
        target.refused = refused ? error.data?.message || error.message : "";
        target.timer = browser.setTimeout(() => this.send(target), refused ? RETRY_REFUSED : RETRY);
        this.show();
        if (!target.failing) {
            target.failing = true;
            this.bus.trigger("UNCHECKED", { target });
        }
    }
}

export const scanQueueService = {
    dependencies: ["orm"],
    start(env, { orm }) {
        const queue = new ScanQueue(orm);
        queue.sendAll();
        return queue;
    },
};

registry.category("services").add("liquor_scan.queue", scanQueueService);
