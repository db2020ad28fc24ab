from . import flow_report
from . import flow_report_column
from . import flow_report_line
from . import flow_fact
from . import flow_report_loading
from . import flow_report_memory
from . import run
