"""How a person works with Odoo's back office: opens, types, chooses, adds rows, presses buttons."""

import re

from playwright.sync_api import Locator, Page, expect

from .keystrokes import Hand

# Main menu, menu, sub-menu, "New" or the row of the record.
WAY = 4


class Desk:
    """A back-office page; what is typed goes into the dialog on top, or into the form where there is none."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.hand = Hand(page)

    @property
    def top(self) -> Locator:
        """The dialog on top, or the whole page."""
        dialogs = self.page.locator(".o_dialog:not(.o_inactive_modal) .modal-content")
        return dialogs.last if dialogs.count() else self.page.locator(".o_action_manager")

    def open(self, action: str, record: int | str = "") -> None:
        """Open an action of the menus by its name in the add-on, or a record of it (``new`` for a fresh one)."""
        path = f"/odoo/action-liquor_channel.{action}"
        self.hand.walk(WAY)
        self.page.goto(f"{path}/{record}" if record else path)
        expect(self.page.locator(".o_form_view, .o_list_view, .o_kanban_view").first).to_be_visible()

    def field(self, name: str, inside: Locator | None = None) -> Locator:
        """The widget of a field in the form, or in the row ``inside``."""
        return (inside or self.top).locator(f".o_field_widget[name='{name}']").first

    def type(self, name: str, value: str, inside: Locator | None = None) -> None:
        """Type into a field of text, number or date; a date is a button until it is clicked."""
        widget = self.field(name, inside)
        day = widget.locator("button[data-field]")
        if day.count():
            day.first.click()
        entry = widget.locator("input, textarea").first
        entry.fill(value)
        if self.page.locator(".o_datetime_picker").count():
            entry.press("Enter")  # Tab would open the next day's calendar
        elif inside is None:
            entry.press("Tab")  # in a row, Tab behind the last field would begin another row

    def choose(self, name: str, label: str, inside: Locator | None = None) -> None:
        """Choose one of a short list by its words."""
        entry = self.field(name, inside).locator("input").first
        entry.click()
        self.page.locator(".o_select_menu_item", has_text=label).first.click()
        expect(entry).to_have_value(label)

    def pick(self, name: str, text: str, inside: Locator | None = None) -> None:
        """Search a record by typing its name and take the first one that is offered."""
        widget = self.field(name, inside)
        widget.locator("input").first.fill(text)
        self.page.locator(".o-autocomplete--dropdown-item", has_text=text).first.click()
        if "o_field_many2many_tags" in (widget.get_attribute("class") or ""):
            expect(widget.locator(".o_tag", has_text=text)).to_be_visible()
        else:
            expect(widget.locator("input").first).to_have_value(text)

    def tab(self, name: str) -> None:
        """Go to a page of the notebook."""
        self.top.locator(f".o_notebook .nav-link[name='{name}']").click()

    def add_row(self, name: str) -> Locator:
        """Add a row to a list in the form and return it."""
        listed = self.top.locator(f".o_field_widget[name='{name}']")
        rows = listed.locator(".o_data_row")
        before = rows.count()
        listed.locator(".o_field_x2many_list_row_add a").first.click()
        expect(rows).to_have_count(before + 1)
        row = listed.locator(".o_selected_row")
        expect(row).to_have_count(1)
        return row

    def edit_row(self, name: str, number: int, field: str) -> Locator:
        """Put the cursor into a cell of a row (from 0) and return the row."""
        listed = self.top.locator(f".o_field_widget[name='{name}']")
        listed.locator(".o_data_row").nth(number).locator(f"td[name='{field}']").click()
        return listed.locator(".o_selected_row")

    def press(self, button: str) -> None:
        """Press a button of the form by the name of its action."""
        self.top.locator(f"button[name='{button}']").first.click()

    def agree(self) -> str:
        """Read the question of a dialog, agree to it and return its words."""
        dialog = self.page.locator(".o_dialog:not(.o_inactive_modal)").last
        words = dialog.locator(".modal-body").inner_text()
        self.hand.read += len(words)
        dialog.locator(".modal-footer .btn-primary").first.click()
        expect(dialog).to_be_hidden()
        return words

    def refusal(self) -> str:
        """Read why the server refused, close the notice and return its words."""
        dialog = self.page.locator(".o_error_dialog, .o_dialog:has(.modal-title)").last
        words = dialog.locator(".modal-body").inner_text()
        self.hand.read += len(words)
        dialog.locator(".modal-footer .btn-primary").first.click()
        expect(dialog).to_be_hidden()
        return words

    def save(self) -> None:
        """Save the form, or the dialog on top."""
        dialog = self.page.locator(".o_dialog:not(.o_inactive_modal)")
        if dialog.count():
            dialog.last.locator(".o_form_button_save").first.click()
        else:
            self.page.locator(".o_form_button_save:visible").click()

    def saved(self) -> None:
        """Read the terms in words where there are any, save the form and wait until nothing is left to save."""
        if self.field("sentence").is_visible():
            self.hand.read += len(self.field("sentence").inner_text())
        self.save()
        expect(self.page.locator(".o_form_status_indicator_buttons:not(.invisible) .o_form_button_save")).to_have_count(
            0
        )

    def record(self) -> int:
        """Number of the record that the page shows; the address follows a first save a moment later."""
        expect(self.page).not_to_have_url(re.compile(r"/new(\?|$)"))
        return int(self.page.url.rstrip("/").split("/")[-1].split("?")[0])
