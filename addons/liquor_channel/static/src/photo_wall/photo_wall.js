import { Component, onWillStart, useExternalListener, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const REFILL = 20;
// the key of the first reason; key 1 accepts
const FIRST_REASON = 2;

/**
 * Photos judged by keyboard: 1 accepts, 2 and the keys behind it reject for one reason each, U takes the last verdict
 * back, arrows move, Shift with an arrow chooses several. A verdict is sent while the next photo is on the screen
 * already; one that was not saved comes back, unless somebody else judged the photo meanwhile.
 */
export class PhotoWall extends Component {
    static template = "liquor_channel.PhotoWall";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        const params = (this.props.action && this.props.action.params) || {};
        this.expenseIds = params.expense_ids || false;
        this.state = useState({
            photos: [],
            current: 0,
            chosen: [],
            left: 0,
            done: 0,
            history: [],
            reasons: [],
        });
        this.sending = Promise.resolve();
        this.steps = 0;
        // ids whose verdict is under way, and all that were judged here: an answer of before may still list them
        this.open = new Set();
        this.judged = new Set();
        useExternalListener(window, "keydown", this.onKeydown);
        onWillStart(async () => {
            const reasons = this.orm.searchRead("liquor.expense.reason", [["for_photos", "=", true]], ["code", "name"]);
            await this.refill();
            this.state.reasons = await reasons;
        });
    }

    get photo() {
        return this.state.photos[this.state.current];
    }

    keyOf(index) {
        return FIRST_REASON + index;
    }

    get next() {
        return this.state.photos.slice(this.state.current + 1, this.state.current + 4);
    }

    async refill() {
        if (this.filling) {
            return;
        }
        this.filling = true;
        try {
            const answer = await this.orm.call("liquor.expense.proof", "wall", [this.expenseIds, this.state.photos.length]);
            const known = new Set([...this.state.photos.map((photo) => photo.id), ...this.judged]);
            this.state.photos.push(...answer.photos.filter((photo) => !known.has(photo.id)));
            this.state.left = Math.max(answer.left - this.open.size, this.state.photos.length);
        } finally {
            this.filling = false;
        }
    }

    onKeydown(event) {
        if (event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) {
            return;
        }
        const reason = this.state.reasons[Number(event.key) - FIRST_REASON];
        const actions = {
            1: () => this.judge("accepted"),
            u: () => this.undo(),
            U: () => this.undo(),
            ArrowRight: () => this.step(1, event.shiftKey),
            ArrowLeft: () => this.step(-1, event.shiftKey),
        };
        const action = reason ? () => this.judge("rejected", reason.code) : actions[event.key];
        if (action) {
            event.preventDefault();
            action();
        }
    }

    step(by, choosing) {
        if (!this.photo) {
            return;
        }
        const from = this.photo.id;
        this.state.current = Math.min(Math.max(this.state.current + by, 0), this.state.photos.length - 1);
        if (choosing) {
            this.state.chosen = [...new Set([...this.state.chosen, from, this.photo.id])];
        } else {
            this.state.chosen = [];
        }
    }

    show(index, choosing) {
        if (choosing) {
            const ids = this.state.photos
                .slice(Math.min(this.state.current, index), Math.max(this.state.current, index) + 1)
                .map((photo) => photo.id);
            this.state.chosen = [...new Set([...this.state.chosen, ...ids])];
        } else {
            this.state.chosen = [];
        }
        this.state.current = index;
    }

    judge(verdict, reason = false) {
        if (!this.photo) {
            return;
        }
        const ids = this.state.chosen.length ? this.state.chosen : [this.photo.id];
        const photos = this.state.photos.filter((photo) => ids.includes(photo.id));
        const index = this.state.photos.indexOf(photos[0]);
        this.state.photos = this.state.photos.filter((photo) => !ids.includes(photo.id));
        this.state.current = Math.max(0, Math.min(index, this.state.photos.length - 1));
        this.state.chosen = [];
        this.state.done += photos.length;
        this.state.left -= photos.length;
        photos.forEach((photo) => this.judged.add(photo.id));
        const number = ++this.steps;
        this.state.history.push({ photos, number });
        this.send("action_judge", [photos.map((photo) => photo.id), verdict, reason], photos, async () => {
            this.state.history = this.state.history.filter((one) => one.number !== number);
            this.restore(await this.stillWaiting(photos));
        });
        this.refillSoon();
    }

    /** Photos come before the last one is judged, however long the server takes for the verdicts. */
    async refillSoon() {
        const { photos, left } = this.state;
        if (photos.length < REFILL && (left > photos.length || (!photos.length && !this.open.size))) {
            await this.refill().catch(() => {}); // the next verdict asks again
        }
    }

    undo() {
        const step = this.state.history.pop();
        if (!step) {
            return;
        }
        this.restore(step.photos);
        this.send("action_undo", [step.photos.map((photo) => photo.id)], step.photos, () => {});
    }

    /** Those that nobody judged meanwhile; all of them where the server cannot be asked. */
    async stillWaiting(photos) {
        const ids = photos.map((photo) => photo.id);
        const domain = [["id", "in", ids], ["verdict", "=", "waiting"]];
        try {
            const waiting = await this.orm.silent.search("liquor.expense.proof", domain);
            return photos.filter((photo) => waiting.includes(photo.id));
        } catch {
            return photos;
        }
    }

    restore(photos) {
        photos.forEach((photo) => this.judged.delete(photo.id));
        this.state.photos.splice(this.state.current, 0, ...photos);
        this.state.done -= photos.length;
        this.state.left += photos.length;
    }

    /** Calls go out one after the other, so that an undo never overtakes its verdict. */
    send(method, args, photos, failed) {
        photos.forEach((photo) => this.open.add(photo.id));
        this.sending = this.sending.then(async () => {
            try {
                await this.orm.silent.call("liquor.expense.proof", method, args);
            } catch (error) {
                await failed();
                const message = (error.data && error.data.message) || _t("The verdict was not saved.");
                this.notification.add(message, { type: "danger" });
            } finally {
                photos.forEach((photo) => this.open.delete(photo.id));
            }
            await this.refillSoon();
        });
        return this.sending;
    }
}

registry.category("actions").add("liquor_channel.photo_wall", PhotoWall);
