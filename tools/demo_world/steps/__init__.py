"""The steps of the build, in their order."""

from . import companies, products, users

STEPS = (
    ("companies", companies.build),
    ("users", users.build),
    ("products", products.build),
)
