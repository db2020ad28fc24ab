from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize, html2plaintext

from odoo.addons.liquor_member.tools.business_day import company_zone
from odoo.addons.liquor_member.tools.phone import mask_phone, normalise_phone

from ...engine.partners.roles import LIVE

TEMPLATE = "portal_login"


class LiquorRoleLogin(models.AbstractModel):
    """A party's own login to its pages: made when its registration is approved, the link sent to phone or e-mail.

    The login is a portal user without any other group; what it sees are the pages of its own company partner. Nobody
    is told a password: the link lets its holder choose one, once. It goes to the number or address that *is* the
    login, so that nobody who edits a contact later gets into somebody's pages.
    """

    _name = "liquor.role.login"
    _description = "Portal Login of a Channel Role"

    login_invited_at = fields.Datetime("Invited On", readonly=True, copy=False)
    login_invited_by_id = fields.Many2one("res.users", "Invited By", readonly=True, copy=False, ondelete="restrict")
    login_recipient = fields.Char("Invitation Sent To", readonly=True, copy=False, help="Masked phone, or e-mail.")
    login_count = fields.Integer("Invitations", readonly=True, copy=False)
    login_message_id = fields.Many2one(
        "liquor.outbound", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    login_refusal = fields.Char("No Login Because", readonly=True, copy=False)
    login_status = fields.Selection(
        [
            ("none", "No Login"),
            ("waiting", "Invitation Waits"),
            ("sent", "Invited"),
            ("failed", "Invitation Not Delivered"),
            ("active", "Signs In"),
        ],
        "Portal Login",
        compute="_compute_login_status",
        compute_sudo=True,
    )

    def _compute_login_status(self):
        users = self._login_users()
        for role in self:
            own = users.filtered(lambda user, role=role: user.partner_id.commercial_partner_id == role.partner_id)
            if any(user.login_date for user in own):
                role.login_status = "active"
            elif not own or not role.login_invited_at:
                role.login_status = "none"
            else:
                state = role.login_message_id.state
                role.login_status = {"queued": "waiting", "failed": "failed", "blocked": "failed"}.get(state, "sent")

    def _login_users(self):
        """Return the portal users of these parties, in one query."""
        return self.env["res.users"].sudo().search([
            ("partner_id.commercial_partner_id", "in", self.partner_id.ids),
            ("share", "=", True),
        ])  # fmt: skip

    def action_invite(self):
        """Send the link again, or for the first time where the party was not registered by itself."""
        self.check_access("write")
        for role in self:
            if role.state not in LIVE:
                raise UserError(self.env._("%(partner)s is not accepted yet.", partner=role.partner_id.name))
            role.lock_for_update()
            role._invite()

    def _after_acceptance(self):
        """Invite shops that were registered, once; what stops the invitation does not stop the approval."""
        result = super()._after_acceptance()
        for role in self.filtered(lambda one: one.registration_phone and not one.login_invited_at):
            try:
                with self.env.cr.savepoint():
                    role._invite()
            except UserError as error:
                role.sudo().login_refusal = str(error)
                role.sudo().message_post(body=self.env._("No portal login: %(reason)s", reason=error))
        return result

    def _invite(self):
        """Make the login where there is none, and send its link.

        :raises UserError: there is no phone or e-mail, or it is somebody else's login
        """
        self.ensure_one()
        by = self.env.user
        # nothing of the caller's context reaches the new user
        role = self.with_env(self.env(su=True, context={"lang": self.env.lang}))
        user = role._login_users().sorted("id")[:1] or role._create_login()
        if user.login_date and "@" in user.login:
            raise UserError(self.env._("This party signs in already. Who forgot the password asks on the login page."))
        user.partner_id.signup_prepare("reset" if user.login_date else "signup")
        message, recipient = role._send_login(user)
        role.write({
            "login_invited_at": fields.Datetime.now(),
            "login_invited_by_id": by.id,
            "login_recipient": recipient,
            "login_count": role.login_count + 1,
            "login_message_id": message.id if message else False,
            "login_refusal": False,
        })
        role.message_post(body=self.env._("Login to the portal sent to %(recipient)s.", recipient=recipient))

    def _get_login_phone(self):
        """Return the number that registered, else the partner's, as E.164; empty where there is none."""
        return self.registration_phone or (
            normalise_phone(self.company_id, self.partner_id.phone) if self.partner_id.phone else ""
        )

    def _create_login(self):
        phone, email = self._get_login_phone(), email_normalize(self.partner_id.email)
        names = [name for name in (self._spell_login(phone), email) if name]
        if not names:
            raise UserError(self.env._("Give a phone number or an e-mail first."))
        users = self.env["res.users"].with_context(active_test=False)
        taken = set(users.search([("login", "in", names)]).mapped("login"))
        free = [name for name in names if name not in taken]
        if not free:
            raise UserError(self.env._("This phone or e-mail is the login of somebody else. Give another one."))
        return users.with_context(no_reset_password=True).create({
            "login": free[0],
            "partner_id": self._login_person(email if free[0] == email else False).id,
            "company_id": self.company_id.id,
            "company_ids": [Command.set(self.company_id.ids)],
            "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            "tz": company_zone(self.company_id).key,
            "lang": self.company_id.partner_id.lang or "zh_CN",
        })  # fmt: skip

    def _spell_login(self, phone):
        """Return how the party types its number: without the prefix of the company's own country."""
        prefix = f"+{self.company_id.country_id.phone_code or 86}"
        return phone.removeprefix(prefix)

    def _login_person(self, email):
        """Return who signs in: the person itself, or a contact of the shop."""
        if not self.partner_id.is_company:
            return self.partner_id
        owner = html2plaintext(self.partner_id.comment or "").strip()[:64]
        return self.env["res.partner"].create({
            "name": owner or self.partner_id.name,
            "parent_id": self.partner_id.id,
            "type": "contact",
            "email": email,
        })  # fmt: skip

    def _send_login(self, user):
        """Send the link of a login.

        :return: (message or None where it left as e-mail, recipient as staff may see it)
        """
        if "@" in user.login:
            template = self.env.ref("auth_signup.portal_set_password_email")
            template.with_context(lang=user.lang, medium="portalinvite").send_mail(user.id)
            return None, user.login
        phone = normalise_phone(self.company_id, user.login)
        link = user.partner_id._get_signup_url_for_action()[user.partner_id.id]
        message = self.env["liquor.outbound"]._send(
            "sms",
            phone,
            TEMPLATE,
            {"shop": self.partner_id.name, "login": user.login, "link": link, "brand": self.company_id.name},
            f"role_login/{self.id}/{self.login_count + 1}",
            company=self.company_id,
            secret=("link",),
            lang=user.lang,
        )
        return message, mask_phone(phone)
