{
    "name": "Liquor Codes and Flow",
    "summary": "What a code is, where the unit has been, and what a scan triggers",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Inventory",
    "license": "LGPL-3",
    "author": "Liquor Suite Founders",
    "depends": ["liquor_channel", "barcodes_gs1_nomenclature"],
    "external_dependencies": {"python": ["cryptography", "numpy"]},
    "data": [
        "security/liquor_scan_groups.xml",
        "views/liquor_scan_menus.xml",
    ],
    "application": True,
}
