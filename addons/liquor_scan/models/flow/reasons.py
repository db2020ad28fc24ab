"""What a reason of the scan service says to the person who scanned."""

from odoo.tools.translate import LazyTranslate

# Constants are translated when they are shown, so not through an environment here.
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)

REASONS = {
    "bad_event": _lt("This is not an event."),
    "bad_id": _lt("The event has no usable id: 1 to 64 letters, digits, dots, colons, hyphens."),
    "bad_type": _lt("There is no such type of event."),
    "bad_time": _lt("The time is not ISO 8601 with a time zone."),
    "in_the_future": _lt("The time lies in the future. Check the clock of the device."),
    "too_old": _lt("The event is older than 31 days."),
    "scan_again": _lt("This scan waited for more than 72 hours. Scan the goods again while you are online."),
    "bad_to": _lt("The receiver is not named by a number or a reference."),
    "bad_purpose": _lt("There is no such purpose."),
    "bad_reference": _lt("The reference is too long or has characters that nobody can read."),
    "bad_code": _lt("No code, or both code and codes, or a code that is not a text."),
    "bad_undo": _lt("Only an undo names the event it undoes, and it must."),
    "same_code_twice": _lt("The same code stands twice in one event."),
    "too_many_codes": _lt("More than 5,000 codes in one event."),
    "id_reused": _lt("This id was used for another event."),
    "not_allowed": _lt("You may not send this type of event for this product."),
    "unknown_code": _lt("This is none of our codes. Scan again or type it in."),
    "void_code": _lt("This code is void. Put the goods aside and ask your contact."),
    "consumer_code": _lt("This code belongs to the consumer. Scan the code outside the package."),
    "inside_code": _lt("This code lies inside the case. Scan the code outside to receive."),
    "not_a_cap_code": _lt("An opening is proven by the code inside the cap."),
    "not_activated": _lt("This code has not been activated yet. It is checked again automatically."),
    "not_shipped": _lt("The shipment has not been reported yet. It is checked again automatically."),
    "already_scanned": _lt("Already scanned."),
    "other_distributor": _lt("These goods were supplied to somebody else. We look into it."),
    "not_assigned": _lt("This shop is not supplied by you with this product."),
    "unknown_receiver": _lt("The receiver is not known."),
    "no_receiver": _lt("Say who receives the goods."),
    "wrong_receiver": _lt("This party cannot receive these goods."),
    "not_yours": _lt("These goods are not recorded as yours."),
    "transfer_waits": _lt("Another shop holds these goods. They are yours when it agrees, or in 7 days."),
    "sent_to_another_shop": _lt("These goods were sent to another shop. We look into it."),
    "nothing_waits": _lt("Nobody asks for these goods."),
    "objected": _lt("Your objection is noted. The goods stay with you."),
    "outside_shop": _lt("You are too far from your shop. Scan again where the goods are."),
    "suspended": _lt("Your account is suspended. Nothing is lost: it is checked when you are released."),
    "registration": _lt("Your registration is being checked. The reward follows after approval."),
    "out_of_order": _lt("Something later is known about these goods. We look into it."),
    "package_opened": _lt("This package has been opened. Scan what is inside."),
    "part_elsewhere": _lt("A part of this package is recorded elsewhere. Scan the parts one by one."),
    "bottle_opened": _lt("A bottle of this package has been sold or opened."),
    "already_sold": _lt("These goods have been sold or opened already."),
    "already_opened": _lt("This bottle has been opened already."),
    "receive_first": _lt("Receive these goods first."),
    "recalled": _lt("Stop: these goods are recalled. Do not sell or open them; send them back to the maker."),
    "nothing_inside": _lt("Nothing is packed in this unit."),
    "not_returned": _lt("Nobody returned these goods. They are recorded elsewhere."),
    "unknown_event": _lt("There is no such event of yours."),
    "nothing_to_undo": _lt("This event moved nothing."),
    "too_late": _lt("An event can be undone for ten minutes."),
    "already_undone": _lt("This event has been undone already."),
    "moved_on": _lt("The goods have moved on since. Scan a return instead."),
    "not_undoable": _lt("This type of event cannot be undone. Scan the goods again."),
    "wrong_goods": _lt("These goods are not on this transfer."),
    "over_quantity": _lt("The transfer has all of this product already."),
    "wrong_territory": _lt("No contract of the receiver covers this product in his territory. Do not load it."),
    "transfer_closed": _lt("The transfer was closed before. These goods are not on its paper: put them aside."),
    "not_in_stock": _lt("These goods are not in the warehouse."),
    "not_here": _lt("This unit is not in our stock any more, or it was opened."),
    "bad_row": _lt("The row lacks the package or the unit."),
    "roll_stopped": _lt("Stop: a sample of this roll did not match. Put the goods aside until the check is released."),
    "already_packed": _lt("This unit lies in another package."),
    "wrong_package": _lt("This cannot lie in such a package."),
    "wrong_count": _lt("The package does not hold the number of units it is made for."),
    # documents of EPCIS
    "no_document": _lt("This is no EPCIS document."),
    "no_events": _lt("The document has no events."),
    "no_event": _lt("This is not an event."),
    "missing": _lt("This field is missing."),
    "bad_version": _lt("Only version 2 of EPCIS is read."),
    "bad_offset": _lt("The time zone is not written as +08:00."),
    "bad_action": _lt("The action is ADD, OBSERVE or DELETE."),
    "bad_uri": _lt("This is no URI."),
    "bad_quantity": _lt("A quantity has a class, a number and perhaps a unit of measure."),
    "bad_form": _lt("This field has not the form that EPCIS gives it."),
    "no_identifier": _lt("The event names no goods."),
    "not_in_vocabulary": _lt("This word is not in the Core Business Vocabulary."),
    "no_namespace": _lt("A field that EPCIS does not know needs a namespace that the context declares."),
    "not_in_subset": _lt("This kind of event is not taken in; the documentation lists those that are."),
}


def reason_text(env, reason):
    """The sentence for a reason in the user's language; the reason itself where none is known."""
    text = REASONS.get(reason)
    if text is None:
        return reason or ""
    return env._(text)
