"""青岭县, a made-up county: its roster, two years of filings, and what its units hand in, mistakes included."""
