"""The steps of the build, in their order."""

from . import clubs, codes, companies, partners, policies, products, users

STEPS = (
    ("companies", companies.build),
    ("users", users.build),
    ("products", products.build),
    ("clubs", clubs.build),
    ("partners", partners.build),
    ("policies", policies.build),
    ("codes", codes.build),
)
