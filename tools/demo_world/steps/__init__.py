"""The steps of the build, in their order."""

from . import (
    claims,
    clubs,
    codes,
    companies,
    contracts,
    landing,
    partners,
    policies,
    products,
    returns,
    special,
    story,
    users,
)

STEPS = (
    ("companies", companies.build),
    ("users", users.build),
    ("products", products.build),
    ("clubs", clubs.build),
    ("partners", partners.build),
    ("policies", policies.build),
    ("what differs", special.build),
    ("contracts", contracts.build),
    ("codes", codes.build),
    ("claims", claims.build),
    ("story", story.build),
    ("targets", contracts.refresh),
    ("returns on spend", returns.build),
    ("landing pages", landing.build),
)
