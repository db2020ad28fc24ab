from . import simulation
from . import simulation_line
from . import simulation_total
from . import policy_version
from . import policy_forecast
from . import policy_forecast_per_unit
from . import policy_rerate
from . import run
