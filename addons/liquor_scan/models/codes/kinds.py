"""Kinds of codes as the screens name them; the numbers behind them are the cipher's."""

KINDS = [
    ("cap_inner", "Inside the Cap"),
    ("cap_outer", "Outside the Cap"),
    ("bottle", "Bottle"),
    ("box", "Gift Box"),
    ("case_inner", "Inside the Case"),
    ("case_outer", "Outside the Case"),
    ("pallet", "Pallet"),
]
