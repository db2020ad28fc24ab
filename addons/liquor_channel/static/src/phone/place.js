// Fills in where the phone is, when the owner asks for it. Without it the form works too.
document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("place");
    if (!button || !navigator.geolocation) {
        return;
    }
    button.hidden = false;
    button.addEventListener("click", () => {
        navigator.geolocation.getCurrentPosition(
            (position) => {
                document.getElementById("latitude").value = position.coords.latitude.toFixed(6);
                document.getElementById("longitude").value = position.coords.longitude.toFixed(6);
                button.textContent = button.dataset.done;
                button.disabled = true;
            },
            () => {
                button.textContent = button.dataset.failed;
            },
            {enableHighAccuracy: true, timeout: 10000}
        );
    });
});
