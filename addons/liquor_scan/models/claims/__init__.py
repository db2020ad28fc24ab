from . import claim_rule
from . import claim_rule_launch
from . import code_claim
from . import claim_opening
from . import liquor_member
from . import member_attribution
from . import policy_version
from . import flow_fact
