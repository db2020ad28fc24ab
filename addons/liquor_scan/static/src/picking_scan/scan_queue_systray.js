import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

/** Codes that wait to be sent, on every page: who reloads in the middle of a truck sees that nothing is lost. */
export class ScanQueueSystray extends Component {
    static template = "liquor_scan.ScanQueueSystray";
    static props = {};

    setup() {
        this.queue = useService("liquor_scan.queue");
        this.state = useState(this.queue.state);
    }
}

registry.category("systray").add("liquor_scan.queue", { Component: ScanQueueSystray }, { sequence: 90 });
