/** On a phone the menu is wider than the screen: bring the entry of this page into view. */
(() => {
    const here = document.querySelector(".o_liquor_page .nav-link.active");
    if (here) {
        const menu = here.parentElement;
        menu.scrollLeft = here.offsetLeft - menu.offsetLeft - (menu.clientWidth - here.offsetWidth) / 2;
    }
})();
