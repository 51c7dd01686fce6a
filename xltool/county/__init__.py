"""青岭县, a made-up county: its roster, its filings of two years, and what comes back, mistakes included."""
