/** Sends one photo of an expense: read as base64, taken by a JSON call; the answer is the photo's card. */
(() => {
    const form = document.getElementById("photo_form");
    if (!form) {
        return;
    }
    const refusal = document.getElementById("photo_error");
    const button = form.querySelector("button");

    const read = (file) =>
        new Promise((resolve, reject) => {
            const reader = new FileReader();
            reader.onload = () => resolve(reader.result.split(",", 2)[1]);
            reader.onerror = () => reject(reader.error);
            reader.readAsDataURL(file);
        });

    const send = async (params) => {
        const answer = await fetch(form.dataset.url, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ jsonrpc: "2.0", method: "call", params }),
        });
        const body = await answer.json();
        return body.result || { error: body.error.data.message };
    };

    form.addEventListener("submit", async (event) => {
        event.preventDefault();
        refusal.textContent = "";
        button.disabled = true;
        try {
            const result = await send({
                image: await read(form.elements.image.files[0]),
                day: form.elements.day.value,
                shop: form.elements.shop.value,
                token: form.dataset.token,
            });
            if (result.error) {
                refusal.textContent = result.error;
            } else {
                document.getElementById("photos").insertAdjacentHTML("beforeend", result.html);
                form.elements.image.value = "";
            }
        } catch (error) {
            refusal.textContent = error.message;
        } finally {
            button.disabled = false;
        }
    });
})();
