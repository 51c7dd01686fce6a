"""Claims: numbers that a unit's own text states, compared with the figures of its tables."""

from __future__ import annotations

from xltool.narrative.claims.findings import claim_findings, claims_of

__all__ = ["claim_findings", "claims_of"]
