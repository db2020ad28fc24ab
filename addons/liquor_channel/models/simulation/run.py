from odoo import models


class LiquorRun(models.Model):
    _inherit = "liquor.run"

    def _run_policy_simulation(self, budget):
        """Simulate a policy version for very many parties: all at once, as common caps are shared by all.

        Parameters: ``simulation`` (id). A simulation that was deleted meanwhile is nothing to do.
        """
        simulation = self.env["liquor.policy.simulation"].browse(self.parameters["simulation"]).exists()
        if simulation:
            simulation.check_access("write")
            simulation._simulate()
        return 1, None
