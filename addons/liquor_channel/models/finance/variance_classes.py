#: V1 to V16 of channel.md d2, in the words of the screen
VARIANCE_CLASSES = [
    ("v01", "V1 Scanned, Never Shipped"),
    ("v02", "V2 Shipped, Not Scanned"),
    ("v03", "V3 Received Outside the Territory"),
    ("v04", "V4 Opened without Receipt"),
    ("v05", "V5 Rewarded Twice"),
    ("v06", "V6 Rewarded, then Returned or Undone"),
    ("v07", "V7 Party Not in Good Standing"),
    ("v08", "V8 Paid Differs from the Rule"),
    ("v09", "V9 Settlement Differs from Its Lines"),
    ("v10", "V10 Sub-ledger Differs from Ledger"),
    ("v11", "V11 Payout without Bank Result"),
    ("v12", "V12 Shared Cost Not Settled"),
    ("v13", "V13 Credit Note without Red Letter"),
    ("v14", "V14 Fund Overdrawn"),
    ("v15", "V15 Policy Ended, Still Accruing"),
    ("v16", "V16 Clock or Place Implausible"),
]
#: classes whose check waits some days, see ``liquor.variance.rule``
WAITING = ("v01", "v02", "v11", "v12")
