/* The phone tells where the shop's second place is: two numbers of a form, which the shop sends itself. */
(function () {
    "use strict";

    const form = document.getElementById("shop_place");
    const button = form && form.querySelector("[data-locate]");
    if (!button) {
        return;
    }
    const told = form.querySelector("[role=status]");
    button.addEventListener("click", () => {
        if (!navigator.geolocation) {
            told.textContent = form.dataset.textNo;
            return;
        }
        told.textContent = form.dataset.textWait;
        navigator.geolocation.getCurrentPosition(
            (position) => {
                form.latitude.value = position.coords.latitude;
                form.longitude.value = position.coords.longitude;
                form.accuracy.value = Math.round(position.coords.accuracy);
                told.textContent = "± " + form.accuracy.value + " m";
                form.querySelector("[type=submit]").disabled = false;
            },
            () => {
                told.textContent = form.dataset.textNo;
            },
            { enableHighAccuracy: true, timeout: 15000 }
        );
    });
})();
