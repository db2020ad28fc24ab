"""Points as lots: earning, spending, giving back, expiry and debt."""
