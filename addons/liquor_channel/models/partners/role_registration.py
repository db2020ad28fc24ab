from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import today
from odoo.addons.liquor_member.tools.phone import normalise_phone
from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.partners.duplicates import Shop, box_around, clean_licence, find, is_place


class LiquorRoleRegistration(models.AbstractModel):
    """A shop registers itself, or its distributor or a salesperson does: recognised, then approved (C33)."""

    _name = "liquor.role.registration"
    _description = "Registration of a Shop"

    licence_number = fields.Char(index="btree_not_null", tracking=True, help="Number of the business licence.")
    registered_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    registration_link_id = fields.Many2one(
        "liquor.registration.link",
        string="Registered By Link",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    registration_phone = fields.Char(readonly=True, copy=False, help="Phone that registered, proven by a code or not.")
    phone_proven = fields.Boolean(readonly=True, copy=False, help="A one-time code was sent to this phone and entered.")
    proposed_distributor_id = fields.Many2one(
        "res.partner",
        copy=False,
        ondelete="restrict",
        help="Supplies the shop from its acceptance on, unless somebody does.",
    )
    duplicate_ids = fields.Many2many(
        "liquor.channel.role", string="Likely Duplicates", compute="_compute_duplicates", compute_sudo=True
    )
    duplicate_note = fields.Text(compute="_compute_duplicates", compute_sudo=True)

    _one_waiting = models.UniqueIndex(
        "(company_id, registration_phone) WHERE state = 'candidate' AND registration_phone IS NOT NULL",
        "This phone has registered a shop that waits for approval.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_registration(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._clean_registration(vals))

    def _clean_registration(self, vals):
        if vals.get("licence_number"):
            return {**vals, "licence_number": clean_licence(vals["licence_number"]) or False}
        return vals

    @api.depends("licence_number", "partner_id", "state")
    def _compute_duplicates(self):
        found = self._likely_duplicates()
        for role in self:
            matches = found.get(role.id, [])
            role.duplicate_ids = self.browse(match.key for match in matches)
            role.duplicate_note = "\n".join(role._say_match(match) for match in matches)

    def _say_match(self, match):
        labels = {
            "licence": self.env._("same licence"),
            "phone": self.env._("same phone"),
            "place": self.env._("%(metres)s m away", metres=f"{match.distance or 0:.0f}"),
        }
        return f"{self.browse(match.key).partner_id.name}: " + ", ".join(labels[reason] for reason in match.reasons)

    @api.model
    def _register_shop(self, values, user=None):
        """Register a shop as a candidate; it earns nothing before its approval. Repeating gives the same candidate.

        :param values: ``company`` (res.company), ``name``, ``phone``, ``terminal_kind``; optional ``contact``,
            ``licence``, ``territory``, ``street``, ``latitude``, ``longitude``, ``distributor`` (res.partner),
            ``link`` (liquor.registration.link), ``salesperson`` (res.users), ``phone_proven``
        :param user: res.users who registers it; None for the shop itself
        :return: (role, matches): what it is likely to be a duplicate of, the strongest reason first
        :raises UserError: no name, kind or phone number
        """
        company = values["company"]
        name = (values.get("name") or "").strip()[:128]
        if not name or not values.get("terminal_kind"):
            raise UserError(self.env._("Give the name and the kind of the shop."))
        phone = normalise_phone(company, values.get("phone"))
        roles = self.sudo().with_company(company)
        role = roles._find_waiting(company, phone)
        if not role:
            with loser_retries(self.env, self._one_waiting.full_name(self)):
                role = roles._create_registration(values, name, phone, user)
        return role, role._likely_duplicates().get(role.id, [])

    def _find_waiting(self, company, phone):
        return self.search([
            ("company_id", "=", company.id),
            ("registration_phone", "=", phone),
            ("state", "=", "candidate"),
        ])

    def _create_registration(self, values, name, phone, user):
        company = values["company"]
        link = values.get("link") or self.env["liquor.registration.link"]
        place = (values.get("latitude"), values.get("longitude"))
        partner = (
            self
            .env["res.partner"]
            .sudo()
            .create({
                "name": name,
                "is_company": True,
                "phone": phone,
                "street": (values.get("street") or "").strip()[:128] or False,
                "comment": (values.get("contact") or "").strip()[:64] or False,
                "country_id": company.country_id.id,
                **({"partner_latitude": place[0], "partner_longitude": place[1]} if is_place(*place) else {}),
            })
        )
        salesperson = values.get("salesperson") or link.user_id
        return self.create({
            "partner_id": partner.id,
            "company_id": company.id,
            "kind": "terminal",
            "terminal_kind_id": values["terminal_kind"].id,
            "territory_id": (values.get("territory") or link.territory_id).id,
            "licence_number": (values.get("licence") or "")[:32] or False,
            "date_start": today(company),
            "registered_by_id": user.id if user else False,
            "registration_link_id": link.id,
            "registration_phone": phone,
            "phone_proven": bool(values.get("phone_proven")),
            "proposed_distributor_id": (values.get("distributor") or link.distributor_id).id,
            "user_id": salesperson.id if salesperson else False,
        })

    # --- duplicates ------------------------------------------------------------------------------------------

    def _likely_duplicates(self):
        """Shops of the same company that are probably these, ended ones too, in two queries.

        :return: {role id: list of engine.partners.duplicates.Match, whose keys are role ids}
        """
        shops = self.filtered(lambda role: role.kind == "terminal" and role.id)
        if not shops:
            return {}
        self.env["res.partner"].flush_model(["phone_sanitized", "partner_latitude", "partner_longitude"])
        self.flush_model()
        found = {}
        for company, own in shops.grouped("company_id").items():
            new = own._shops(company, SQL("role.id = ANY(%s)", own.ids))
            known = own._shops(company, self._near_condition(new))
            found.update({shop.key: find(shop, known) for shop in new})
        return found

    def _shops(self, company, condition):
        rows = self.env.execute_query(
            SQL(
                """SELECT role.id, role.licence_number, partner.phone_sanitized,
                          partner.partner_latitude, partner.partner_longitude
                     FROM liquor_channel_role role JOIN res_partner partner ON partner.id = role.partner_id
                    WHERE role.company_id = %s AND role.kind = 'terminal' AND role.merged_into_id IS NULL AND (%s)""",
                company.id,
                condition,
            )
        )
        return [
            Shop(key, licence or "", phone or "", _degrees(latitude), _degrees(longitude))
            for key, licence, phone, latitude, longitude in rows
        ]

    def _near_condition(self, shops):
        """Roles with a licence or phone of these shops, or in a box around one of them: found by indexes."""
        licences = [shop.licence for shop in shops if shop.licence]
        phones = [shop.phone for shop in shops if shop.phone]
        boxes = [box_around(shop.latitude, shop.longitude) for shop in shops if is_place(shop.latitude, shop.longitude)]
        souths, norths, wests, easts = zip(*boxes, strict=True) if boxes else ((), (), (), ())
        return SQL(
            """role.licence_number = ANY(%s)
               OR role.partner_id IN (SELECT id FROM res_partner WHERE phone_sanitized = ANY(%s))
               OR role.partner_id IN (
                  SELECT place.id FROM unnest(%s::float8[], %s::float8[], %s::float8[], %s::float8[])
                         AS box(south, north, west, east)
                    JOIN res_partner place ON place.partner_latitude BETWEEN box.south AND box.north
                     AND place.partner_longitude BETWEEN box.west AND box.east)""",
            licences,
            phones,
            list(souths),
            list(norths),
            list(wests),
            list(easts),
        )

    def _check_no_duplicates(self):
        candidates = self.filtered(lambda role: role.state == "candidate")
        for number, matches in candidates._likely_duplicates().items():
            if matches:
                role = self.browse(number)
                raise UserError(
                    self.env._(
                        "%(partner)s is probably known already:\n%(matches)s\nMerge it, or accept it with a reason.",
                        partner=role.partner_id.name,
                        matches="\n".join(role._say_match(match) for match in matches),
                    )
                )

    # --- acceptance ------------------------------------------------------------------------------------------

    def _after_acceptance(self):
        """Bind accepted shops to the distributor they were registered for, where nobody supplies them."""
        result = super()._after_acceptance()
        wanted = self.filtered(lambda role: role.kind == "terminal" and role.proposed_distributor_id)
        assignments = self.env["liquor.channel.assignment"].sudo()
        values_list = []
        for company, roles in wanted.grouped("company_id").items():
            day = today(company)
            served = assignments._between(roles.partner_id.ids, day, day, company).terminal_id
            values_list += [
                {
                    "company_id": company.id,
                    "terminal_id": role.partner_id.id,
                    "distributor_id": role.proposed_distributor_id.id,
                    "date_start": role.date_start,
                }
                for role in roles
                if role.partner_id not in served
            ]
        assignments.create(values_list)
        return result


def _degrees(value):
    return None if value is None else float(value)
