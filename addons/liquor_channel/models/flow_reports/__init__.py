from . import flow_report
from . import flow_report_column
from . import flow_report_line
from . import flow_fact
