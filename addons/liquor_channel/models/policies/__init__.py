from . import policy
from . import policy_wording
from . import policy_version
from . import policy_tier
