{
    "name": "Liquor Channel",
    "summary": "Who sells and where, what each party earns, and how it is settled",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Liquor Suite Founders",
    "depends": ["liquor_member", "account_debit_note"],
    "data": [
        "security/liquor_channel_groups.xml",
        "views/liquor_channel_menus.xml",
    ],
    "application": True,
}
