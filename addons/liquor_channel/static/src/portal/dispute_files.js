/** Sends the files of a dispute with its text, in one JSON call; without files the form goes as it is. */
(() => {
    const read = (file) =>
        new Promise((resolve, reject) => {
            const reader = new FileReader();
            reader.onload = () => resolve({ name: file.name, content: reader.result.split(",", 2)[1] || "" });
            reader.onerror = () => reject(reader.error);
            reader.readAsDataURL(file);
        });

    const send = async (form, files) => {
        const answer = await fetch(form.dataset.url, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({
                jsonrpc: "2.0",
                method: "call",
                params: {
                    line: form.elements.line.value,
                    text: form.elements.text.value,
                    token: form.dataset.token,
                    files,
                },
            }),
        });
        const body = await answer.json();
        return body.result || { error: body.error.data.message };
    };

    const show = (target) => {
        const here = window.location;
        if (target.pathname + target.search !== here.pathname + here.search) {
            here.assign(target);
            return;
        }
        here.hash = target.hash;
        here.reload();
    };

    const submit = async (event) => {
        const form = event.currentTarget;
        const chosen = [...form.querySelector("input[type=file]").files];
        if (!chosen.length) {
            return;
        }
        event.preventDefault();
        const refusal = form.querySelector("[role=alert]");
        const button = form.querySelector("button");
        refusal.textContent = "";
        button.disabled = true;
        try {
            const result = await send(form, await Promise.all(chosen.map(read)));
            if (result.error) {
                refusal.textContent = result.error;
            } else {
                show(new URL(result.url, window.location.href));
            }
        } catch (error) {
            refusal.textContent = error.message;
        } finally {
            button.disabled = false;
        }
    };

    for (const form of document.querySelectorAll("form.o_liquor_dispute")) {
        form.addEventListener("submit", submit);
    }
})();
