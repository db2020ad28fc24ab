"""What the suite is measured against: written once, then left alone."""
