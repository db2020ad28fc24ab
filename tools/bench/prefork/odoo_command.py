"""Odoo's command line as a file: the prefork master starts its live-chat process by the path of what started itself."""

import odoo.cli

if __name__ == "__main__":
    odoo.cli.main()
