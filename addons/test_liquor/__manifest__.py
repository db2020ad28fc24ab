{
    "name": "Liquor: Tests",
    "summary": "Test models and tests across the add-ons; never installed in production",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "Liquor Suite Founders",
    "license": "LGPL-3",
    "depends": [
        "liquor_member",
    ],
    "data": [
        "security/ir.model.access.csv",
    ],
}
