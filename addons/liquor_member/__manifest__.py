{
    "name": "Liquor: Members",
    "summary": "Clubs, members, levels, points and benefits of a liquor maker",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "author": "Liquor Suite Founders",
    "license": "LGPL-3",
    "depends": [
        "phone_validation",
        "portal",
        "sale_loyalty",
        "sale_stock",
    ],
    "external_dependencies": {
        "python": [
            "cryptography",
            "phonenumbers",
        ],
    },
    "data": [
        "security/liquor_member_groups.xml",
        "security/shared/ir.model.access.csv",
        "security/shared/shared_rules.xml",
        # root menu first: the menus of every room hang below it
        "views/liquor_member_menus.xml",
        # rooms programme, points, benefits, privacy
        "security/programme/ir.model.access.csv",
        "security/programme/member_rules.xml",
        "data/programme/member_data.xml",
        "views/programme/member_join_views.xml",
        "views/programme/member_views.xml",
        "views/programme/member_program_views.xml",
        "views/programme/qualifying_event_views.xml",
        "views/programme/event_result_views.xml",
        "views/points/point_entry_views.xml",
        "views/benefits/benefit_views.xml",
        "views/phone/phone_templates.xml",
        # room shared
        "data/shared/ir_cron_data.xml",
        "data/shared/liquor_outbound_template_data.xml",
        "views/shared/liquor_run_views.xml",
        "views/shared/liquor_key_rotation_views.xml",
        "views/shared/liquor_seal_views.xml",
        "views/shared/liquor_outbound_views.xml",
        "views/shared/liquor_outbound_template_views.xml",
    ],
    "application": True,
    "uninstall_hook": "uninstall_hook",
}
