from . import claim_rule
from . import code_claim
from . import claim_opening
